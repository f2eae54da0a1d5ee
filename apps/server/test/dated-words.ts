/** What the answers and events of a call say of a conversation, and as of when [SYNC-11]. */
import type { AsOf, CompleteRow, TurnEvent } from "@instep/protocol";
import { readEvents, type Answer, type CallOptions, type Client } from "./client.ts";

/** What is known of a conversation: nothing where it isn't there, else any of these. */
export type Said = "deleted" | Partial<CompleteRow & { readonly seqs: readonly number[] }>;

/** What one answer or event says about one conversation. */
export interface Word {
  readonly call: string;
  readonly id: string;
  readonly asOf: Partial<AsOf>;
  readonly said: Said;
}

/** Who calls, and what earlier calls have left to go on with. */
export interface Caller {
  readonly client: Client;
  /** The replies that were begun, by conversation. */
  readonly replies: Map<string, string[]>;
  /** Replies that go on until somebody stops them. */
  readonly running: Set<string>;
  /** Whether the next turn goes on until somebody stops it. */
  readonly hang: () => boolean;
}

interface Asked extends CallOptions {
  readonly call: string;
  readonly id: string;
  /** Behind `/api/conversations`. */
  readonly path: string;
}

export type SaidOf = readonly [id: string, said: Said];

/** Asks one call; `read` takes the body of its own answers. */
export async function ask(
  { client }: Caller,
  asked: Asked,
  read: (body: never) => readonly SaidOf[],
): Promise<readonly Word[]> {
  const { call, id, path, ...options } = asked;
  const { pathname, search } = new URL(`/api/conversations${path}`, client.url);
  const answer = await client.call<unknown>(pathname + search, options);
  const said = answer.status < 300 ? read(answer.body as never) : saidByRefusal(id, answer);
  return said.map(([about, what]) => ({ call, id: about, asOf: asOfIn(answer.body), said: what }));
}

/** What a problem tells of the conversation; nothing where it is none of the account's. */
function saidByRefusal(id: string, { body }: Answer<unknown>): readonly SaidOf[] {
  const { code, last_seq, message_count } = body as { code: string; last_seq?: number; message_count?: number };
  if (code === "conversation_trashed" || code === "conversation_deleted") return [[id, "deleted"]];
  if (code === "stale_conversation") return [[id, saidByEnd({ last_seq, message_count })]];
  if (code === "reply_running" || code === "duplicate_message_id") return [[id, {}]];
  if (code.startsWith("model_")) return [[id, { ...saidByEnd({ last_seq, message_count }), active_reply_id: null }]];
  return [];
}

interface Watched {
  readonly call: string;
  readonly id: string;
  readonly path: string;
  readonly options: CallOptions;
  readonly gone: AbortController;
  /** The reply goes on: its start is all that comes. */
  readonly isHanging: boolean;
}

/** Follows a reply's events to their end, or to its start where it goes on. */
export async function watch(caller: Caller, watched: Watched): Promise<readonly Word[]> {
  const { call, id, path, options, gone, isHanging } = watched;
  const { body, signal } = options;
  const response = await fetch(`${caller.client.url}/api/conversations${path}`, {
    method: body === undefined ? "GET" : "POST",
    ...(body !== undefined && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    signal: signal ?? null,
  });
  if (response.status !== 200) {
    const problem: unknown = await response.json();
    const said = saidByRefusal(id, { body: problem } as Answer<unknown>);
    return said.map(([about, what]) => ({ call, id: about, asOf: asOfIn(problem), said: what }));
  }
  const words: Word[] = [];
  for await (const event of readEvents(response)) {
    if (event.event === "token") continue;
    if (event.event === "start") begun(caller, { id, replyId: event.data.reply_id, isHanging });
    words.push({ call, id, asOf: asOfIn(event.data), said: saidByEvent(event) });
    if (isHanging) break;
  }
  gone.abort();
  return words;
}

function begun(caller: Caller, { id, replyId, isHanging }: { id: string; replyId: string; isHanging: boolean }): void {
  const known = caller.replies.get(id) ?? [];
  if (!known.includes(replyId)) caller.replies.set(id, [...known, replyId]);
  if (isHanging) caller.running.add(replyId);
}

function saidByEvent(event: TurnEvent): Said {
  if (event.event === "start") return { message_count: event.data.message_count };
  if (event.event === "error" && event.data.code === "conversation_deleted") return "deleted";
  return saidByEnd(event.data);
}

/** What the end of a turn tells, or what refuses one as stale. */
export function saidByEnd(body: object): Partial<CompleteRow> {
  const { message_count, last_seq, title, updated_at } = body as Partial<CompleteRow>;
  return {
    ...(message_count !== undefined && { message_count }),
    ...(last_seq !== undefined && { last_seq }),
    ...(title !== undefined && { title }),
    ...(updated_at !== undefined && { updated_at, active_reply_id: null }),
  };
}

function asOfIn(body: unknown): Partial<AsOf> {
  const { server_time, epoch } = body as Partial<AsOf>;
  return { ...(server_time !== undefined && { server_time }), ...(epoch !== undefined && { epoch }) };
}
