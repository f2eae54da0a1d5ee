/** What listens on the page as a whole: whoever leaves the page takes its listeners along. */

interface Heard {
  readonly target: EventTarget;
  readonly type: string;
  readonly listener: unknown;
  readonly isCapture: boolean;
}

/** Counts the listeners of window, document and the like from here on, until `end`. */
export function watchListeners(...targets: readonly EventTarget[]) {
  let heard: readonly Heard[] = [];
  const isSame = (one: Heard, other: Heard): boolean =>
    (["target", "type", "listener", "isCapture"] as const).every((name) => one[name] === other[name]);
  const forget = (gone: Heard): void => {
    heard = heard.filter((each) => !isSame(each, gone));
  };
  const ends = targets.map((target) => {
    const add = target.addEventListener.bind(target);
    const remove = target.removeEventListener.bind(target);
    target.addEventListener = (type: string, listener: never, how?: boolean | AddEventListenerOptions) => {
      const { capture = false, signal = null } = typeof how === "object" ? how : { capture: how === true };
      const added = { target, type, listener, isCapture: capture };
      forget(added);
      heard = [...heard, added];
      signal?.addEventListener("abort", () => forget(added));
      add(type, listener, how);
    };
    target.removeEventListener = (type: string, listener: never, how?: boolean | EventListenerOptions) => {
      forget({ target, type, listener, isCapture: typeof how === "object" ? how.capture === true : how === true });
      remove(type, listener, how);
    };
    return () => Object.assign(target, { addEventListener: add, removeEventListener: remove });
  });
  return {
    /** By the names of their events, in order. */
    types: (): readonly string[] => heard.map(({ type }) => type).toSorted(),
    end: (): void => {
      for (const end of ends) end();
    },
  };
}
