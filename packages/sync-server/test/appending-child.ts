/** A process of its own that appends as fast as it can and prints what was acknowledged, until somebody kills it. */
import { createEngine } from "../src/create-engine.ts";
import { systemEnvironment } from "../src/environment.ts";
import type { AccountId, ConversationId, Micros } from "@instep/protocol";
import { isRefusal } from "../src/refusal.ts";
import { openSqliteStorage } from "../src/storage/sqlite/index.ts";

const [path = "", account = "", ...conversationIds] = process.argv.slice(2);
const accountId = account as AccountId;
const storage = await openSqliteStorage({ path });
const engine = createEngine({
  storage,
  environment: systemEnvironment,
  options: { defaultModel: "demo" },
});
await engine.ensureAccount({ id: accountId, email: null, name: "Ann", unreadScope: "device" });
let clock = 0 as Micros;
storage.onCommit((commit) => {
  if (commit.kind === "moved") clock = commit.clocks.get(accountId) ?? clock;
});
await Promise.all(conversationIds.map((id) => write(id as ConversationId)));

/** One line for each answer: the conversation, the message's id and seq, and the clock at that time. */
async function write(id: ConversationId): Promise<void> {
  await engine.create(accountId, { id });
  for (let n = 0; n < 100_000; n += 1) {
    const outcome = await engine.append(accountId, id, { role: "user", content: `message ${n}` });
    if (isRefusal(outcome)) throw new Error(outcome.refused);
    process.stdout.write(`${id} ${outcome.message.id} ${outcome.message.seq} ${clock}\n`);
  }
}
