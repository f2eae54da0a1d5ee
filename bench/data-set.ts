/** Databases of any size: filled through the engine's import, the full-text index brought up to date, the same in every run. */
import type { AccountId, ConversationId, MessageId, Micros } from "@instep/protocol";
import type { Engine, ImportedConversation } from "@instep/sync-server";
import { openInlineSqliteStorage } from "@instep/sync-server/sqlite";
import { LOCAL_ACCOUNT } from "../apps/server/src/accounts/accounts.ts";
import { SqliteWriter } from "../packages/sync-server/src/storage/sqlite/writer.ts";
import { databaseIn, engineOn } from "./open-engine.ts";
import { seededRandom, type SeededRandom } from "./seeded-random.ts";

export interface Shape {
  readonly conversations: number;
  readonly messagesEach: number;
  /** Accounts beside the one that has all this; each has one conversation with one message. */
  readonly otherAccounts?: number;
  /** Conversations beside those, each with so many messages, half of them long and formatted; the last of `ids`. */
  readonly long?: readonly number[];
}

export interface DataSet {
  readonly folder: string;
  readonly ids: readonly ConversationId[];
}

const BATCH_MESSAGES = 5000;
const WORDS_EACH = 12;
const DAY_MICROS = 86_400_000_000;

/** Fills the folder; tells of each batch how many conversations there are. */
export async function fill(folder: string, shape: Shape, onProgress: (done: number) => void): Promise<DataSet> {
  const path = databaseIn(folder);
  const engine = engineOn(openInlineSqliteStorage({ path, isDurable: false }));
  const random = seededRandom(shape.conversations);
  const ids = await fillAccount(engine, { shape, random, onProgress });
  for (let other = 0; other < (shape.otherAccounts ?? 0); other++) {
    const id = random.uuid() as AccountId;
    await engine.ensureAccount({ id, email: null, name: `Other ${other}`, unreadScope: "device" });
    await engine.importConversations(id, [conversation(random, 1)]);
  }
  await engine.close();
  bringIndexUpToDate(path);
  return { folder, ids };
}

interface Filling {
  readonly shape: Shape;
  readonly random: SeededRandom;
  readonly onProgress: (done: number) => void;
}

async function fillAccount(engine: Engine, { shape, random, onProgress }: Filling): Promise<ConversationId[]> {
  const { conversations, messagesEach } = shape;
  const ids: ConversationId[] = [];
  await engine.ensureAccount(LOCAL_ACCOUNT);
  const batchSize = Math.max(1, Math.floor(BATCH_MESSAGES / Math.max(1, messagesEach)));
  while (ids.length < conversations) {
    const count = Math.min(batchSize, conversations - ids.length);
    const batch = Array.from({ length: count }, () => conversation(random, messagesEach));
    await engine.importConversations(LOCAL_ACCOUNT.id, batch);
    for (const { id } of batch) ids.push(id);
    onProgress(ids.length);
  }
  for (const count of shape.long ?? []) {
    const long = conversation(random, count, formatted);
    await engine.importConversations(LOCAL_ACCOUNT.id, [long]);
    ids.push(long.id);
  }
  return ids;
}

/** As models write: paragraphs, emphasis, now and then a list or code. */
function formatted(random: SeededRandom): string {
  const list = `\n\n- ${random.text(8)}\n- **${random.text(2)}** ${random.text(6)}\n- ${random.text(9)}`;
  const code = `\n\n\`\`\`ts\nconst ${random.text(1)} = "${random.text(4)}";\nreturn 1;\n\`\`\``;
  const extra = [list, code, "", ""][random.below(4)] ?? "";
  return `${random.text(20)} **${random.text(3)}** ${random.text(15)}.${extra}\n\n${random.text(10 + random.below(50))}`;
}

function plain(random: SeededRandom): string {
  return random.text(WORDS_EACH);
}

function conversation(random: SeededRandom, messagesEach: number, reply = plain): ImportedConversation {
  const createdAt = (Date.now() * 1000 - DAY_MICROS) as Micros;
  const messages = Array.from({ length: messagesEach }, (_, index) => ({
    id: random.uuid() as MessageId,
    role: index % 2 === 0 ? ("user" as const) : ("assistant" as const),
    content: index % 2 === 0 ? plain(random) : reply(random),
    status: "complete" as const,
    createdAt,
  }));
  return {
    id: random.uuid() as ConversationId,
    title: random.text(4),
    model: null,
    pinned: false,
    archived: false,
    createdAt,
    updatedAt: createdAt,
    messages,
  };
}

/** Or a server on this database would be busy with that while it is measured. */
function bringIndexUpToDate(path: string): void {
  const writer = new SqliteWriter({ path, isDurable: false, checkpointPages: 8000 });
  while (writer.tidy());
  writer.close();
}
