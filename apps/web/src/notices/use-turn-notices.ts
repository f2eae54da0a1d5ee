/** What is told of turns beside the conversation itself: replies that nobody has seen, and messages that were replaced. */
import { usePressedNotices } from "./use-pressed-notices.ts";
import { useReplaced } from "./use-replaced.ts";
import { useReplyNotifications } from "./use-reply-endings.ts";
import { useUnseenReplies } from "./use-unseen-replies.ts";

export function useTurnNotices(openId: string | null): void {
  useReplyNotifications();
  usePressedNotices();
  useUnseenReplies(openId);
  useReplaced();
}
