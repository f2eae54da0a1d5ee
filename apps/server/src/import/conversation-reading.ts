/** What reading one conversation of a file gives, whatever the file's format. */
import { microsFromMilliseconds, type Micros } from "@instep/protocol";
import type { ImportedConversation } from "@instep/sync-server";
import type { LeftOut } from "./left-out.ts";

export type ConversationReading =
  | {
      readonly kind: "conversation";
      readonly conversation: ImportedConversation;
      /** Why each message that is not among the conversation's was left out. */
      readonly leftOut: readonly LeftOut[];
    }
  /** Nothing to bring in: no words of anybody, or no conversation at all. */
  | {
      readonly kind: "nothing";
      readonly why: "no-messages" | "not-a-conversation";
      readonly leftOut: readonly LeftOut[];
    };

/** Reads one element of a file; `now` in milliseconds stands in for times that are missing, and bounds those in the future. */
export type ReadConversation = (value: unknown, now: number) => ConversationReading;

/** So far ahead may another server's clock have been (microseconds); its ticks may also be ahead of its clock [CLOCK-3]. */
const AHEAD = 24 * 60 * 60 * 1_000_000;

/**
 * The conversation with possible times: one before 1970 is 1970, and one more than a day after `now` (milliseconds) is `now`. Others
 * would sort wrongly, and SQL can't write all of them.
 */
export function withPossibleTimes(conversation: ImportedConversation, now: number): ImportedConversation {
  const last = microsFromMilliseconds(now);
  const bring = (time: Micros) => (time > last + AHEAD ? last : (Math.max(time, 0) as Micros));
  const bringAll = (messages: ImportedConversation["messages"]) =>
    messages.map((message) => ({ ...message, createdAt: bring(message.createdAt) }));
  return {
    ...conversation,
    createdAt: bring(conversation.createdAt),
    updatedAt: bring(conversation.updatedAt),
    messages: bringAll(conversation.messages),
    ...(conversation.versions && {
      versions: conversation.versions.map((version) => ({
        ...version,
        replacedAt: bring(version.replacedAt),
        messages: bringAll(version.messages),
      })),
    }),
  };
}
