/** `users remove` beside a running server: what still lets in from memory for a moment meets an account that is gone. */
import { randomUUID } from "node:crypto";
import process from "node:process";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { TerminalLine } from "../src/cli/terminal-line.ts";
import { usersCommand } from "../src/cli/users-command.ts";
import { readSettings } from "../src/settings/config.ts";
import { ISOLATED_CALLS, requestWith, type Ids } from "./isolated-calls.ts";
import { PUBLIC_URL } from "./passkey-calls.ts";
import { signUp, startForPeople } from "./people.ts";
import type { StartedApp } from "./start-app.ts";

let app: StartedApp;

beforeEach(async () => {
  // By a clock that stands still nothing in memory grows old, and nobody looks whether it still holds.
  vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"], now: Date.now() });
  app = await startForPeople({ env: { PUBLIC_URL } });
});

afterEach(async () => {
  await app.stop();
  vi.useRealTimers();
});

async function remove(address: string): Promise<void> {
  const { settings, fault } = readSettings({ DATA_DIR: app.dataDir, ALLOWED_EMAILS: "*@example.com" });
  if (settings === null) throw new Error(fault);
  const words = ["remove", address];
  const line = new TerminalLine(process.stderr, () => 0);
  await usersCommand.run({ settings, file: "", words, line, print: () => undefined, now: () => Date.now() });
}

/** Would end the session that is in memory. */
const ENDING = /^(?:DELETE \/api\/(?:me|sessions)|POST \/api\/auth\/)/;

it("[SIGN-8] no call of who was just removed is our fault, and none that would keep anything is let through", async () => {
  const ann = await signUp(app.url, "ann");
  const { id: conversation } = await ann.create();
  const known = { conversation, clientMessage: randomUUID(), credential: "unknown", cursor: "", seq: 1 };
  const [reply, version, token, session, passkey, preset] = Array.from({ length: 6 }, () => randomUUID());
  const ids = { ...known, reply, version, token, session, passkey, preset } as Ids;
  await ann.call("/api/me");
  await remove("ann@example.com");
  const statuses = new Map<string, number>();
  const texts = new Map<string, string>();
  for (const [operation, call] of Object.entries(ISOLATED_CALLS)) {
    if (ENDING.test(operation)) continue;
    const { path, options } = requestWith(operation, call, ids);
    const { status, text } = await ann.call(path, options);
    statuses.set(operation, status);
    texts.set(operation, text);
  }
  expect([...statuses].filter(([, status]) => status >= 500)).toEqual([]);
  const keeping = ["POST /api/tokens", "POST /api/push/subscriptions", "POST /api/conversations", "PATCH /api/me"];
  expect(keeping.map((operation) => statuses.get(operation))).toEqual(keeping.map(() => 401));
  expect(texts.get("POST /api/import")).toContain('"code":"unauthorized","detail":"You are not signed in."');
});
