/** What the database knows about a reply: its journal, its end, and the one that runs in a conversation. */
import { NOTHING_SAID, type AccountId, type ActiveReply, type MessageId, type Said } from "@instep/protocol";
import { asOfClock, asOfSnapshot } from "../as-of.ts";
import { readJournalled } from "./journal-reading.ts";
import { deletedEvent, endMessageId, unpackEnd } from "./reply-end.ts";
import { START_ID, startChunk } from "./reply-events.ts";
import type { EndEvent } from "./reply-feed.ts";
import type { JournalView } from "./reply-viewer.ts";
import type { ReplyKey } from "./running-reply.ts";
import type { Snapshot } from "../storage/transaction.ts";
import type { TurnKey, TurnRow } from "../storage/turn-statements.ts";
import { keptMessage } from "../versions.ts";
import { wireMessage } from "../wire-message.ts";

/** The reply's next events after number `after` as they are stored, and behind the last of them its end. Null where there is no such reply in this conversation. */
export async function readReply(snapshot: Snapshot, key: ReplyKey, after: number): Promise<JournalView | null> {
  const turn = await snapshot.turn(key);
  if (turn?.conversationId !== key.conversationId) return null;
  const last = await wholeJournalEnd(snapshot, key, turn);
  const chunks = last !== null && last > after ? await snapshot.journalPiece(key, after) : [];
  const hasMore = last !== null && last > (chunks.at(-1)?.lastEventId ?? after);
  if (hasMore || turn.state === "running") return { chunks, hasMore, end: null };
  const end = await readEnd(snapshot, key.accountId, turn);
  // A journal has the start at least, from its beginning to the sweep.
  if (end === null || last !== null) return end && { chunks, hasMore, end };
  return readWithoutJournal(snapshot, { key, turn, end }, after);
}

/** The end of a reply that is gone: its conversation was deleted, as far as this snapshot can tell [TURN-8]. */
export async function readDeletedEnd(snapshot: Snapshot, accountId: AccountId, after: number): Promise<EndEvent> {
  return deletedEvent(after + 1, await asOfSnapshot(snapshot, accountId));
}

/** A running reply, as far as the journal has it [MSG-4]. */
export async function readActiveReply(snapshot: Snapshot, key: TurnKey): Promise<ActiveReply> {
  const journal = await readJournalled(snapshot, key);
  const { said = NOTHING_SAID, lastEventId = 0 } = journal ?? {};
  return { reply_id: key.replyId, ...activeSaid(said), last_event_id: lastEventId };
}

/** What was said, as the active reply tells it: thoughts only where there are some. */
export function activeSaid({ text, thoughts }: Said): Pick<ActiveReply, "text" | "thoughts"> {
  return { text, ...(thoughts !== "" && { thoughts }) };
}

/** Whether nothing is left of an ended reply's text: its message was replaced, and its journal has gone. */
export async function isForgotten(snapshot: Snapshot, accountId: AccountId, turn: TurnRow): Promise<boolean> {
  return turn.state !== "running" && (await readEnd(snapshot, accountId, turn)) === null;
}

async function readEnd(snapshot: Snapshot, accountId: AccountId, turn: TurnRow): Promise<EndEvent | null> {
  if (turn.endEventId === null || turn.endData === null) return null;
  const key = { accountId, conversationId: turn.conversationId };
  const id = endMessageId(turn.endData) ?? (turn.replyId as string as MessageId);
  const message = await keptMessage(snapshot, key, id);
  const said = message
    ? { text: message.content, thoughts: message.thoughts ?? "" }
    : // What was said where the message itself was replaced since; where the journal has gone too, nothing is left to tell.
      await saidInWholeJournal(snapshot, accountId, turn);
  return unpackEnd(turn.endEventId, turn.endData, said);
}

async function saidInWholeJournal(snapshot: Snapshot, accountId: AccountId, turn: TurnRow): Promise<Said | null> {
  const key = { accountId, replyId: turn.replyId };
  if ((await wholeJournalEnd(snapshot, key, turn)) === null) return null;
  return (await readJournalled(snapshot, key))?.said ?? null;
}

/** The journal's highest number; null where it has gone, or is going: the sweep takes the newest of it first. */
async function wholeJournalEnd(snapshot: Snapshot, key: TurnKey, { endEventId }: TurnRow): Promise<number | null> {
  const last = await snapshot.journalEnd(key);
  return last !== null && endEventId !== null && last < endEventId - 1 ? null : last;
}

interface ReplyWithoutJournal {
  readonly key: ReplyKey;
  readonly turn: TurnRow;
  readonly end: EndEvent;
}

/** Long after the end: the start, and the end with its whole message, numbered on from where the reader is, so that no gap shows. */
async function readWithoutJournal(
  snapshot: Snapshot,
  { key, turn, end }: ReplyWithoutJournal,
  after: number,
): Promise<JournalView> {
  const userMessage = after < START_ID ? await keptMessage(snapshot, key, turn.userMessageId) : null;
  if (userMessage === null) return { chunks: [], hasMore: false, end: { ...end, id: after + 1 } };
  const replies = end.data.brought_back ?? (end.data.message === null ? 0 : 1);
  const start = {
    user_message: wireMessage(userMessage),
    reply_id: turn.replyId,
    message_count: end.data.message_count - replies,
    ...asOfClock(turn.startedAt, await snapshot.epoch()),
  };
  return { chunks: [startChunk(start)], hasMore: false, end: { ...end, id: START_ID + 1 } };
}
