/** Brings the message that a search led to into view, once each time that it leads there. */
import { useLayoutEffect } from "preact/hooks";
import type { ConversationView } from "../sync/device.ts";

interface FoundPlaceInput {
  readonly content: { readonly current: HTMLElement | null };
  readonly view: Pick<ConversationView, "messages" | "found">;
  readonly onPlaced: (message: Element) => void;
}

export function useFoundPlace({ content, view: { messages, found }, onPlaced }: FoundPlaceInput): void {
  // Ended meanwhile, it has left its place: what came after it is there.
  const seq = found === null ? null : (messages.find((message) => message.seq >= found.seq)?.seq ?? null);
  useLayoutEffect(() => {
    if (seq === null) return;
    const message = content.current?.querySelector(`[data-seq="${seq}"]`);
    if (!message) return;
    // One that is longer than the window is read from its beginning.
    message.scrollIntoView({ block: message.clientHeight > window.innerHeight / 2 ? "start" : "center" });
    onPlaced(message);
  }, [found, seq]);
}
