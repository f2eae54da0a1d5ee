/** What is told of turns beside the conversation itself: replies that nobody has seen, messages that were replaced, or would be lost. */
import { useKeptSends } from "./use-kept-sends.ts";
import { usePressedNotices } from "./use-pressed-notices.ts";
import { useReplaced } from "./use-replaced.ts";
import { useReplyNotifications } from "./use-reply-notifications.ts";
import { useUnseenReplies } from "./use-unseen-replies.ts";

export interface TurnNoticesProps {
  readonly accountId: string;
  readonly openId: string | null;
  /** Opens a conversation, at a message where one is given, and shows it. */
  readonly onOpen: (id: string, foundSeq?: number | null) => void;
}

/** Shows nothing in its own place. */
export function TurnNotices({ accountId, openId, onOpen }: TurnNoticesProps) {
  useKeptSends(accountId);
  useReplyNotifications(onOpen);
  usePressedNotices(onOpen);
  useUnseenReplies(openId, onOpen);
  useReplaced(onOpen);
  return null;
}
