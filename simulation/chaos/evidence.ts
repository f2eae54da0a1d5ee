/** What the program says that it has of a conversation, asked for once nobody is killed any more. */
import type { ConversationDetail, Message, MessagePage, TurnEvent, VersionList } from "@instep/protocol";
import { createClient, readEvents, type Client } from "../../apps/server/test/client.ts";
import { faultUnless } from "./fault.ts";
import { turnsOf } from "./ledger.ts";
import type { Conversation, Turn } from "./deeds.ts";
import { orLeave } from "./viewing.ts";

/** What a conversation's judgement rests on. */
export interface Evidence {
  readonly detail: ConversationDetail;
  readonly messages: readonly Message[];
  /** The messages of each version that is kept in the place of a message, by its seq. */
  readonly versions: ReadonlyMap<number, readonly (readonly Message[])[]>;
  readonly replays: ReadonlyMap<Turn, Replay>;
}

/** A reply's events again: all of them, and those that late readers get. */
export interface Replay {
  readonly events: readonly TurnEvent[];
  readonly late: readonly { readonly after: number; readonly rest: readonly TurnEvent[] }[];
}

const PAGE = 200;
/** A reply that has ended is read at once, on a busy machine too. */
const READ_WITHIN_MS = 30_000;

/** Null where the conversation is in the trash, as it must be then. */
export async function collectEvidence(url: string, conversation: Conversation): Promise<Evidence | null> {
  const client = createClient(url);
  if (conversation.state === "trashed") {
    await expectTrashed(client, conversation);
    return null;
  }
  const detail = await client.open(conversation.id);
  const messages = await allMessages(client, conversation);
  const versions = new Map<number, readonly (readonly Message[])[]>();
  for (const { seq, version_count: count } of messages) {
    if (count !== undefined) versions.set(seq, await versionsAt(client, conversation, seq));
  }
  const replays = new Map<Turn, Replay>();
  for (const turn of turnsOf(conversation)) {
    // Nothing would end the reading of what hangs.
    faultUnless(turn.end !== null, "TURN-6", () => `${turn.replyId} never ended`);
    if (turn.replyId !== null) replays.set(turn, await replay(client, turn));
  }
  return { detail, messages, versions, replays };
}

async function expectTrashed(client: Client, { id }: Conversation): Promise<void> {
  const { status, body } = await client.call(`/api/conversations/${id}`);
  const isTrashed = status === 404 && body.code === "conversation_trashed";
  faultUnless(isTrashed, "SYNC-2", () => `${id} was deleted, and is answered ${status}`);
}

async function allMessages(client: Client, { id }: Conversation): Promise<Message[]> {
  const all: Message[] = [];
  for (;;) {
    const path = `/api/conversations/${id}/messages?after=${all.at(-1)?.seq ?? 0}&limit=${PAGE}`;
    const { body } = await client.call<MessagePage>(path);
    all.push(...body.messages);
    if (!body.message_pagination.has_newer) return all;
  }
}

async function versionsAt(client: Client, { id }: Conversation, seq: number): Promise<(readonly Message[])[]> {
  const { status, body } = await client.call<VersionList>(`/api/conversations/${id}/versions/${seq}`);
  faultUnless(status === 200, "MSG-5", () => `the versions of ${id} at ${seq} were answered ${status}`);
  return body.versions.map(({ messages }) => messages);
}

/** The whole, the rest for a reader that has seen some, and what one gets that has seen more than there is [TURN-4]. */
async function replay(client: Client, turn: Turn): Promise<Replay> {
  const events = await eventsAfter(client, turn, 0);
  const late = [];
  for (const after of [Math.floor(events.length / 2), events.length + 7]) {
    late.push({ after, rest: await eventsAfter(client, turn, after) });
  }
  return { events, late };
}

async function eventsAfter(client: Client, turn: Turn, after: number): Promise<TurnEvent[]> {
  const path = `/api/conversations/${turn.conversation.id}/chat/replies/${turn.replyId}/stream?after=${after}`;
  const signal = AbortSignal.timeout(READ_WITHIN_MS);
  const events: TurnEvent[] = [];
  const how = await orLeave(async () => {
    const response = await fetch(`${client.url}${path}`, { signal });
    faultUnless(response.status === 200, "TURN-4", () => `${path} was answered ${response.status}`);
    for await (const event of readEvents(response)) events.push(event);
    return "ended";
  });
  faultUnless(how === "ended", "TURN-6", () => `${path} still hangs ${READ_WITHIN_MS} ms after its reply ended`);
  return events;
}
