/** A process that is killed while it writes: what it acknowledged is there, and the clock goes on from there. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { AccountId, ConversationId } from "@instep/protocol";
import { expect, test } from "vitest";
import { checkEverything } from "../src/checker.ts";
import { openInlineSqliteStorage } from "../src/storage/sqlite/index.ts";
import { temporaryFile, uuid } from "./turn-world.ts";

const CHILD = fileURLToPath(new URL("./appending-child.ts", import.meta.url));
const ROUNDS = 4;
const WRITERS = 8;

interface Acknowledged {
  readonly conversationId: ConversationId;
  readonly messageId: string;
  readonly seq: number;
  readonly clock: number;
}

test(
  "[CLOCK-2] kill -9 while appending: nothing acknowledged is lost, and the clock doesn't go back",
  { timeout: 60_000 },
  async () => {
    const path = await temporaryFile();
    const accountId = uuid() as AccountId;
    const ids = Array.from({ length: WRITERS }, () => uuid() as ConversationId);
    const all: Acknowledged[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      all.push(...(await writeUntilKilled([path, accountId, ...ids], 30 + 90 * round)));
      const storage = openInlineSqliteStorage({ path });
      const clock = (await storage.read((snapshot) => snapshot.account(accountId)))?.clock;
      expect(clock).toBeGreaterThanOrEqual(Math.max(...all.map((line) => line.clock)));
      expect(await storage.read(checkEverything)).toEqual([]);
      const lost: Acknowledged[] = [];
      for (const line of all) {
        const key = { accountId, conversationId: line.conversationId };
        const message = await storage.read((snapshot) => snapshot.message(key, line.seq));
        if (message?.id !== line.messageId) lost.push(line);
      }
      expect(lost).toEqual([]);
      await storage.close();
    }
    expect(all.length).toBeGreaterThan(ROUNDS * 30);
  },
);

/** Runs the child until it has acknowledged so many messages, kills it there and then, and returns everything that it said. */
function writeUntilKilled(args: readonly string[], enough: number): Promise<Acknowledged[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--conditions=@instep/source", CHILD, ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
      if (text.split("\n").length > enough) child.kill("SIGKILL");
    });
    child.on("error", reject);
    child.on("close", (_code, signal) => {
      if (signal !== "SIGKILL") reject(new Error("The child ended by itself"));
      else resolve(text.split("\n").slice(0, -1).map(parse));
    });
  });
}

function parse(line: string): Acknowledged {
  const [conversationId = "", messageId = "", seq, clock] = line.split(" ");
  return { conversationId: conversationId as ConversationId, messageId, seq: Number(seq), clock: Number(clock) };
}
