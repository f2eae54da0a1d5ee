/** kill -9 at any instant of turns under load; `KILLS=200` runs the long chaos. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AccountId, ClientMessageId, ConversationId, ReplyId } from "@instep/protocol";
import { expect, onTestFinished, test } from "vitest";
import { checkEverything } from "../src/checker.ts";
import { createReplies, type Replies } from "../src/replies/replies.ts";
import { openInlineSqliteStorage } from "../src/storage/sqlite/index.ts";
import type { Storage } from "../src/storage/storage.ts";
import { must } from "./turn-world.ts";
import { VirtualEnvironment } from "./virtual-environment.ts";

/** What a killed process had said. */
interface Told {
  readonly conversationId: ConversationId;
  readonly clientMessageId: ClientMessageId;
  readonly replyId: ReplyId;
  /** The newest word that had been written early enough to be durable. */
  durableWord: number;
  /** How many words a reply that had ended has. */
  words: number | null;
}

const KILLS = Number(process.env["KILLS"] ?? 3);
/** The rule says a second; a machine that does much else at once gets two more. */
const DURABLE_AFTER_MS = 3000;
/** One life is long enough for words that must be durable. */
const LONG_LIFE_MS = 6000;
const CHILD = fileURLToPath(new URL("generating-child.ts", import.meta.url));
const MINUTE_MS = 60_000;

test("[TURN-2] [TURN-6] killed at any instant, nothing acknowledged is lost, no reply hangs, none is doubled", async () => {
  const folder = await mkdtemp(join(tmpdir(), "instep-kill-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "instep.db");
  const accountId = crypto.randomUUID() as AccountId;
  for (let round = 0; round < KILLS; round += 1) {
    const isLong = round === 0;
    const told = await runAndKill([path, accountId], isLong ? LONG_LIFE_MS : 300 + Math.random() * 1500);
    if (isLong) expect(told.some(({ words, durableWord }) => words === null && durableWord >= 0)).toBe(true);
    await expectWhole(path, accountId, told);
  }
}, 3_600_000);

/** Runs a child until the kill, which comes that long after its first turn. */
async function runAndKill(childArguments: readonly string[], delayMs: number): Promise<Told[]> {
  const child = spawn(process.execPath, ["--conditions=@instep/source", CHILD, ...childArguments], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: { readonly at: number; readonly words: readonly string[] }[] = [];
  const clock = startRunningClock();
  let rest = "";
  let killedAt = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    if (lines.length === 0) {
      const begunAt = clock.now();
      const looking = setInterval(() => {
        if (clock.now() - begunAt < delayMs) return;
        clearInterval(looking);
        killedAt = clock.now();
        child.kill("SIGKILL");
      }, 5);
    }
    const parts = (rest + chunk.toString()).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts.map((line) => ({ at: clock.now(), words: line.split(" ") })));
  });
  await new Promise((resolve) => child.on("close", resolve));
  clock.stop();
  expect(child.signalCode).toBe("SIGKILL");
  return read(lines, killedAt);
}

/** Milliseconds in which this machine ran: while it stands still, the child writes nothing to its disk either. */
function startRunningClock() {
  const [everyMs, mostMs] = [50, 200];
  let [ran, lookedAt] = [0, performance.now()];
  const now = (): number => {
    const at = performance.now();
    ran += Math.min(at - lookedAt, mostMs);
    lookedAt = at;
    return ran;
  };
  const timer = setInterval(now, everyMs);
  return { now, stop: () => clearInterval(timer) };
}

function read(lines: readonly { readonly at: number; readonly words: readonly string[] }[], killedAt: number): Told[] {
  const byReply = new Map<string, Told>();
  for (const { at, words } of lines) {
    const [what, first = "", second = "", third = ""] = words;
    const told = byReply.get(first);
    if (what === "begun") {
      const ids = { conversationId: first, clientMessageId: second, replyId: third } as unknown as Told;
      byReply.set(third, { ...ids, durableWord: -1, words: null });
    } else if (what === "ended" && told) told.words = Number(second);
    else if (what === "wrote" && told && killedAt - at > DURABLE_AFTER_MS) told.durableWord = Number(second);
  }
  return [...byReply.values()];
}

/** Opens the database as the next process would, lets a minute pass, and looks at everything. */
async function expectWhole(path: string, accountId: AccountId, told: readonly Told[]): Promise<void> {
  const storage = openInlineSqliteStorage({ path });
  const environment = new VirtualEnvironment(Date.now());
  const options = { defaultModel: "demo", maxRepliesPerAccount: 100 } as Parameters<typeof createReplies>[0]["options"];
  const replies = createReplies({ storage, environment, options });
  await environment.advance(MINUTE_MS);
  expect(await storage.read((snapshot) => snapshot.countRunningTurns(accountId))).toBe(0);
  expect(told.length).toBeGreaterThan(0);
  for (const turn of told) await expectTurn({ storage, replies, accountId }, turn);
  expect(await storage.read(checkEverything)).toEqual([]);
  await replies.close();
  await storage.close();
}

interface Survivor {
  readonly storage: Storage;
  readonly replies: Replies;
  readonly accountId: AccountId;
}

async function expectTurn({ storage, replies, accountId }: Survivor, turn: Told): Promise<void> {
  const { conversationId, clientMessageId, replyId } = turn;
  const key = { accountId, conversationId };
  const messages = await storage.read((snapshot) => snapshot.messagesAfter(key, { after: 0, limit: 100 }));
  const [asked, answered, ...more] = messages.filter(
    (message) => message.clientMessageId === clientMessageId || (message.id as string) === replyId,
  );
  expect(more).toEqual([]);
  expect(asked).toMatchObject({ content: "go", role: "user" });
  // A prefix of the numbers, without a hole.
  const words = answered?.content.split(" ").slice(0, -1) ?? [];
  expect(words).toEqual(words.map((_, index) => String(index)));
  if (turn.words === null) expect(words.length).toBeGreaterThan(turn.durableWord);
  else expect([answered?.status, words.length]).toEqual(["complete", turn.words]);
  const rest = { text: "go", model: null, expectedLastSeq: null, replaceFromSeq: null };
  const repeat = must(await replies.beginTurn(accountId, { conversationId, clientMessageId, ...rest }));
  expect(repeat).toMatchObject({ kind: "joined", replyId });
}
