/** An engine with one account that exports are taken of and imports brought in to. */
import type { ClientMessageId, ConversationId, Message } from "@instep/protocol";
import {
  checkEverything,
  createEngine,
  isRefusal,
  systemEnvironment,
  type Engine,
  type Outcome,
  type ReplyEnding,
  type Storage,
} from "@instep/sync-server";
import { openInlineSqliteStorage } from "@instep/sync-server/sqlite";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { LOCAL_ACCOUNT } from "../src/accounts/accounts.ts";
import { exportConversations } from "../src/import/export-conversations.ts";
import { importFiles } from "../src/import/import-conversations.ts";

export const accountId = LOCAL_ACCOUNT.id;
export const TRASH_DAYS = 30;
export const FAILED: ReplyEnding = { kind: "failed", error: { code: "model_failed", detail: "No." }, retryable: true };
export const ENDINGS: readonly ReplyEnding[] = [
  { kind: "complete", stopReason: "length" },
  { kind: "stopped" },
  FAILED,
];

export interface World {
  readonly engine: Engine;
  readonly storage: Storage;
}

export function must<T>(outcome: Outcome<T>): T {
  if (isRefusal(outcome)) throw new Error(`Refused: ${JSON.stringify(outcome)}`);
  return outcome;
}

export async function openWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "instep-import-"));
  const storage = openInlineSqliteStorage({ path: join(folder, "instep.sqlite"), isDurable: false });
  const options = { defaultModel: "", trashDays: TRASH_DAYS };
  const engine = createEngine({ storage, environment: systemEnvironment, options });
  await engine.ensureAccount(LOCAL_ACCOUNT);
  onTestFinished(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { engine, storage };
}

export async function exportFrom({ engine }: World): Promise<string> {
  const parts = { engine, accountId, exportedAt: "2026-01-01T00:00:00.000Z", onProgress: () => undefined };
  const pieces: string[] = [];
  for await (const piece of exportConversations(parts)) pieces.push(piece);
  return pieces.join("");
}

export async function importInto({ engine, storage }: World, text: string) {
  const bytes = Buffer.from(text);
  const file = { name: "export.json", size: bytes.length, open: () => pieces(bytes) };
  const summary = await importFiles({ engine, accountId, files: [file], now: Date.now(), onProgress: () => undefined });
  expect(await storage.read((snapshot) => checkEverything(snapshot))).toEqual([]);
  return summary;
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 50_000) yield bytes.subarray(start, start + 50_000);
}

export async function clockOf({ storage }: World) {
  return storage.read(async (snapshot) => (await snapshot.account(accountId))?.clock);
}

interface Sending {
  readonly text: string | null;
  readonly replaceFromSeq?: number | null;
}

export async function begin(
  { engine }: World,
  conversationId: ConversationId,
  { text, replaceFromSeq = null }: Sending,
) {
  const clientMessageId = randomUUID() as ClientMessageId;
  const turn = { conversationId, text, clientMessageId, model: "m", expectedLastSeq: null, replaceFromSeq };
  const { replyId, userMessage } = must(await engine.beginTurn(accountId, turn));
  const writer = engine.replyWriter(accountId, replyId);
  if (!writer) throw new Error("The reply is another's");
  return { writer, userMessage };
}

export async function turn(
  world: World,
  id: ConversationId,
  sending: Sending & { readonly reply: string },
): Promise<Message> {
  const { writer, userMessage } = await begin(world, id, sending);
  writer.think(`On ${sending.reply}`);
  writer.write(sending.reply);
  await writer.end({ kind: "complete", usage: { completion_tokens: sending.reply.length + 1 } });
  return userMessage;
}

export async function newConversation({ engine }: World): Promise<ConversationId> {
  return must(await engine.create(accountId, {})).conversation.id as ConversationId;
}

const wordsOf = ({ id, role, content, thoughts, created_at, status, stop_reason, error, model, usage }: Message) => ({
  id,
  role,
  content,
  thoughts,
  created_at,
  status,
  stop_reason,
  error,
  model,
  usage,
});

/** What a person can have of a conversation: what lives, with how many versions, and every version with its place. */
export async function everythingOf({ engine }: World, id: ConversationId) {
  const { messages } = must(await engine.open(accountId, id, 100));
  const { versions } = must(await engine.allVersions(accountId, id, null));
  const byId = new Map(
    [...messages, ...versions.flatMap((version) => version.messages)].map((one) => [one.seq, one.id]),
  );
  return {
    live: messages.map((message) => ({ ...wordsOf(message), count: message.version_count ?? 0 })),
    versions: versions
      .map(({ after_seq, messages: its, ...version }) => ({
        ...version,
        behind: byId.get(after_seq) ?? null,
        words: its.map(wordsOf),
      }))
      .toSorted((one, other) => (one.version_id < other.version_id ? -1 : 1)),
  };
}
