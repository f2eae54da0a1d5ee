/** A process that takes turns until it is killed, and says on standard output what it was told is durable. */
import { writeSync } from "node:fs";
import type { AccountId, ClientMessageId, ConversationId } from "@instep/protocol";
import { createEngine } from "../src/create-engine.ts";
import { systemEnvironment } from "../src/environment.ts";
import { isRefusal } from "../src/refusal.ts";
import { openSqliteStorage } from "../src/storage/sqlite/index.ts";

const [path, accountId] = process.argv.slice(2) as [string, AccountId];
const say = (...words: readonly (string | number)[]) => writeSync(1, `${words.join(" ")}\n`);
const options = { defaultModel: "demo", maxRepliesPerAccount: 100 };
const storage = await openSqliteStorage({ path });
const engine = createEngine({ storage, environment: systemEnvironment, options });
await engine.ensureAccount({ id: accountId, email: null, name: "Ann", unreadScope: "device" });
const pace = () => new Promise((resolve) => setTimeout(resolve, 4));
const anyLength = () => 10 + Math.floor(Math.random() * 150);
// One reply is still written when the kill comes, however late that is.
await Promise.all([talk(() => 100_000), ...Array.from({ length: 5 }, () => talk(anyLength))]);

/** One conversation after the other, three turns each; the words of a reply are numbers, so that a hole in it shows. */
async function talk(length: () => number): Promise<void> {
  for (;;) {
    const conversationId = crypto.randomUUID() as ConversationId;
    await engine.create(accountId, { id: conversationId });
    for (let n = 0; n < 3; n += 1) await takeTurn(conversationId, length());
  }
}

async function takeTurn(conversationId: ConversationId, words: number): Promise<void> {
  const clientMessageId = crypto.randomUUID() as ClientMessageId;
  const rest = { model: null, expectedLastSeq: null, replaceFromSeq: null };
  const turn = await engine.beginTurn(accountId, { conversationId, text: "go", clientMessageId, ...rest });
  if (isRefusal(turn)) throw new Error(`Refused: ${JSON.stringify(turn)}`);
  say("begun", conversationId, clientMessageId, turn.replyId);
  const writer = engine.replyWriter(accountId, turn.replyId);
  for (let word = 0; word < words; word += 1) {
    writer?.write(`${word} `);
    if (word % 20 === 19) say("wrote", turn.replyId, word);
    await pace();
  }
  await writer?.end({ kind: "complete" });
  say("ended", turn.replyId, words);
}
