/** What is told of turns beside the conversation itself: replies that nobody has seen, and messages that were replaced. */
import { usePressedNotices } from "./use-pressed-notices.ts";
import { useReplaced } from "./use-replaced.ts";
import { useReplyNotifications } from "./use-reply-endings.ts";
import { useUnseenReplies } from "./use-unseen-replies.ts";

export interface TurnNoticesProps {
  readonly openId: string | null;
}

/** Shows nothing in its own place. */
export function TurnNotices({ openId }: TurnNoticesProps) {
  useReplyNotifications();
  usePressedNotices();
  useUnseenReplies(openId);
  useReplaced();
  return null;
}
