/** Several listeners that come and go together. */

type Events = WindowEventMap & DocumentEventMap & HTMLElementEventMap;
type Listeners = { readonly [Type in keyof Events]?: (event: Events[Type]) => void };

/** Listens to events of a target, each by its name; the returned function ends all of it. */
export function listenTo(target: EventTarget, listeners: Listeners, options?: AddEventListenerOptions): () => void {
  const ends = new AbortController();
  for (const [type, listener] of Object.entries(listeners)) {
    target.addEventListener(type, listener as EventListener, { ...options, signal: ends.signal });
  }
  return () => ends.abort();
}
