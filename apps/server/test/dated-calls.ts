/** Every call that tells something about a conversation, and how what it answers is read [SYNC-11]. */
import { randomUUID } from "node:crypto";
import {
  expandRow,
  type ActionsAnswer,
  type CompleteRow,
  type ConversationAction,
  type ConversationDetail,
  type ConversationList,
  type ConversationSummary,
  type MessagePage,
  type SearchAnswer,
  type SyncResponse,
  type TrashList,
  type TurnEvent,
  type UnreadCount,
  type VersionList,
} from "@instep/protocol";
import type { Client } from "./client.ts";
import { ask, type Caller, saidByEnd, type SaidOf, watch, type Word } from "./dated-words.ts";

/** `n` draws what the call leaves open. */
type Call = (caller: Caller, id: string, n: number) => Promise<readonly Word[]>;

const DEFAULT_MODEL = "a";
const MODELS = ["a", "b"];
const ACTIONS: readonly ConversationAction[] = [
  "archive",
  "unarchive",
  "pin",
  "unpin",
  "trash",
  "restore",
  "read",
  "unread",
];

/** By method and path, as OpenAPI names them. */
export const DATED_CALLS: Readonly<Record<string, Call>> = {
  "GET /api/conversations/sync": (caller, id) =>
    ask(
      caller,
      { call: "GET /api/conversations/sync", id, path: "/sync?full=true&limit=5000" },
      (body: SyncResponse) => {
        const row = body.conversations.find((one) => one.id === id);
        return [[id, row ? expandRow(row, DEFAULT_MODEL) : "deleted"]];
      },
    ),
  "GET /api/conversations": (caller, id, n) =>
    ask(
      caller,
      { call: "GET /api/conversations", id, path: `?limit=1000&archived=${n % 2 === 0}` },
      (body: ConversationList) => body.conversations.map(saidBySummary),
    ),
  "POST /api/conversations": (caller, id) =>
    ask(caller, { call: "POST /api/conversations", id, path: "", body: { id } }, oneSummary),
  "GET /api/conversations/{id}": (caller, id) =>
    ask(
      caller,
      { call: "GET /api/conversations/{id}", id, path: `/${id}?message_limit=1000` },
      (body: ConversationDetail) => [
        [id, { ...rowOf(body), message_count: body.message_pagination.total_count, seqs: seqsOf(body) }],
      ],
    ),
  "GET /api/conversations/{id}/messages": (caller, id) =>
    ask(
      caller,
      { call: "GET /api/conversations/{id}/messages", id, path: `/${id}/messages?limit=1000` },
      (page: MessagePage) => [[id, { message_count: page.message_pagination.total_count, seqs: seqsOf(page) }]],
    ),
  "GET /api/conversations/{id}/unread": (caller, id) =>
    ask(caller, { call: "GET /api/conversations/{id}/unread", id, path: `/${id}/unread` }, ({ count }: UnreadCount) => [
      [id, { message_count: count }],
    ]),
  "GET /api/conversations/{id}/versions/{seq}": async (caller, id) => {
    const path = `/${id}/versions/${(await placeWithVersions(caller, id)) ?? 1}`;
    const call = "GET /api/conversations/{id}/versions/{seq}";
    return ask(caller, { call, id, path }, () => [[id, {}]]);
  },
  "POST /api/conversations/{id}/versions/{version_id}/restore": async (caller, id) => {
    const seq = await placeWithVersions(caller, id);
    const list = await caller.client.call<VersionList>(`/api/conversations/${id}/versions/${seq ?? 1}`);
    const version = list.status === 200 ? list.body.versions.at(-1)?.version_id : undefined;
    const expected_last_seq = (await messagesOf(caller.client, id)).at(-1)?.seq ?? 0;
    const path = `/${id}/versions/${version ?? randomUUID()}/restore`;
    const call = "POST /api/conversations/{id}/versions/{version_id}/restore";
    return ask(caller, { call, id, path, body: { expected_last_seq } }, (page: MessagePage) => [
      [id, { message_count: page.message_pagination.total_count }],
    ]);
  },
  "PATCH /api/conversations/{id}": (caller, id, n) => {
    const changes = [{ title: `Title ${n}` }, { pinned: n % 3 === 0 }, { archived: n % 5 === 0 }];
    const body = [...changes, { model: MODELS[n % 2] ?? null }, { instructions: `Be ${n}.` }][n % 5];
    const asked = { id, path: `/${id}`, method: "PATCH", body };
    return ask(caller, { call: "PATCH /api/conversations/{id}", ...asked }, oneSummary);
  },
  "DELETE /api/conversations/{id}": (caller, id, n) => {
    const path = `/${id}${n % 8 === 0 ? "?permanent=true" : ""}`;
    return ask(caller, { call: "DELETE /api/conversations/{id}", id, path, method: "DELETE" }, () => [[id, "deleted"]]);
  },
  "POST /api/conversations/{id}/restore": (caller, id) =>
    ask(
      caller,
      { call: "POST /api/conversations/{id}/restore", id, path: `/${id}/restore`, method: "POST" },
      oneSummary,
    ),
  "POST /api/conversations/{id}/read": (caller, id, n) => {
    const asked = { id, path: `/${id}/read`, body: n % 3 === 0 ? { unread: true } : { seq: n } };
    return ask(caller, { call: "POST /api/conversations/{id}/read", ...asked }, oneSummary);
  },
  "POST /api/conversations/actions": (caller, id, n) => {
    const body = n % 9 === 8 ? { action: "read", all: true } : { action: ACTIONS[n % 9], ids: [id, randomUUID()] };
    const call = "POST /api/conversations/actions";
    return ask(caller, { call, id, path: "/actions", body }, (answer: ActionsAnswer) => [
      ...answer.conversations.map(saidBySummary),
      ...answer.deleted_ids.map((one) => [one, "deleted"] as const),
    ]);
  },
  "GET /api/trash": (caller, id) =>
    ask(caller, { call: "GET /api/trash", id, path: "/../trash?limit=1000" }, (body: TrashList) =>
      body.conversations.map((one) => [one.id, "deleted"] as const),
    ),
  "GET /api/trash/{id}/messages": (caller, id) =>
    ask(caller, { call: "GET /api/trash/{id}/messages", id, path: `/../trash/${id}/messages` }, () => [
      [id, "deleted"],
    ]),
  "DELETE /api/trash": (caller, id) =>
    ask(caller, { call: "DELETE /api/trash", id, path: "/../trash", method: "DELETE" }, () => []),
  "GET /api/search": (caller, id) =>
    ask(caller, { call: "GET /api/search", id, path: "/../search?q=words&limit=100" }, (body: SearchAnswer) =>
      body.results.map(({ conversation_id, title, updated_at }) => [conversation_id, { title, updated_at }] as const),
    ),
  "POST /api/conversations/{id}/chat/batch": async (caller, id, n) => {
    const call = "POST /api/conversations/{id}/chat/batch";
    const send = await sendOf(caller, id, n);
    const asked = { id, path: `/${id}/chat/batch`, body: send };
    const first = await ask(caller, { call, ...asked }, (body: TurnEvent["data"]) => [[id, saidByEnd(body)]]);
    // Sent again: it joins the turn that has ended [TURN-3].
    const again =
      n % 4 === 0 ? await ask(caller, { call, ...asked }, (body: TurnEvent["data"]) => [[id, saidByEnd(body)]]) : [];
    return [...first, ...again];
  },
  "POST /api/conversations/{id}/chat/stream": async (caller, id, n) => {
    const call = "POST /api/conversations/{id}/chat/stream";
    const isHanging = caller.hang();
    const gone = new AbortController();
    const options = { body: await sendOf(caller, id, n), signal: gone.signal };
    return watch(caller, { call, id, path: `/${id}/chat/stream`, options, gone, isHanging });
  },
  "GET /api/conversations/{id}/chat/replies/{reply_id}/stream": async (caller, id, n) => {
    const call = "GET /api/conversations/{id}/chat/replies/{reply_id}/stream";
    const known = caller.replies.get(id) ?? [];
    const replyId = known[n % Math.max(1, known.length)] ?? randomUUID();
    const gone = new AbortController();
    const path = `/${id}/chat/replies/${replyId}/stream`;
    const isHanging = caller.running.has(replyId);
    return watch(caller, { call, id, path, options: { signal: gone.signal }, gone, isHanging });
  },
};

/** Ends the replies of a conversation that go on. */
export async function stopReplies({ client, replies, running }: Caller, id: string): Promise<void> {
  for (const replyId of replies.get(id) ?? []) {
    if (!running.delete(replyId)) continue;
    await client.call(`/api/conversations/${id}/chat/replies/${replyId}/stop`, { method: "POST" });
  }
}

async function sendOf({ client }: Caller, id: string, n: number): Promise<object> {
  const messages = await messagesOf(client, id);
  const at = messages[n % Math.max(1, messages.length)];
  const client_message_id = randomUUID();
  const [edited, again] = [n % 3 === 1 && at?.role === "user", n % 3 !== 0 && at?.role === "assistant"];
  if (edited || again) {
    return { client_message_id, replace_from_seq: at?.seq, ...(edited && { message: `Other words ${n}` }) };
  }
  return { client_message_id, message: `Some words ${n}`, ...(n % 7 === 6 && { expected_last_seq: n }) };
}

/** Nothing of one that can't be opened. */
async function messagesOf(client: Client, id: string): Promise<MessagePage["messages"]> {
  const { status, body } = await client.call<MessagePage>(`/api/conversations/${id}`);
  return status === 200 ? body.messages : [];
}

async function placeWithVersions({ client }: Caller, id: string): Promise<number | null> {
  const messages = await messagesOf(client, id);
  return messages.find(({ version_count }) => version_count !== undefined)?.seq ?? null;
}

const oneSummary = (summary: ConversationSummary): readonly SaidOf[] => [saidBySummary(summary)];
const saidBySummary = (summary: ConversationSummary): SaidOf => [summary.id, rowOf(summary)];
const rowOf = (summary: ConversationSummary): CompleteRow => expandRow(summary, DEFAULT_MODEL);
const seqsOf = ({ messages }: Pick<MessagePage, "messages">) => messages.map(({ seq }) => seq);
