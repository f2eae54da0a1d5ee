/** How many messages have come below what the reader has seen. */
import { useMemo, useRef } from "preact/hooks";
import type { ConversationView } from "../sync/device.ts";

type Below = Pick<ConversationView, "messages" | "hasLater" | "firstNewSeq" | "newMessages">;

/** What came after the end was in view last, or from the divider on, and what the banner holds back. */
export function useNewBelow({ messages, hasLater, firstNewSeq, newMessages }: Below, isAtEnd: boolean): number {
  const seenSeq = useRef<number | null>(null);
  const divided = useRef<number | null>(null);
  const last = useMemo(() => messages.at(-1)?.seq ?? null, [messages]);
  if (seenSeq.current === null || (isAtEnd && !hasLater)) seenSeq.current = last;
  if (firstNewSeq !== divided.current) {
    divided.current = firstNewSeq;
    if (firstNewSeq !== null) seenSeq.current = Math.min(seenSeq.current ?? firstNewSeq, firstNewSeq - 1);
  }
  const seen = seenSeq.current ?? 0;
  const below = useMemo(() => (hasLater ? 0 : countAfter(messages, seen)), [messages, hasLater, seen]);
  return newMessages + below;
}

/** From the end, where what is new stands: the others are left alone. */
function countAfter(messages: Below["messages"], seen: number): number {
  let count = 0;
  while ((messages[messages.length - 1 - count]?.seq ?? 0) > seen) count++;
  return count;
}
