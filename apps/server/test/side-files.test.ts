/** What becomes of a start where a file of the data folder is missing, empty, garbage, read-only, or a folder: what can be made anew is; the rest is never replaced. */
import { createECDH, randomBytes } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from "vitest";
import { createLog } from "../src/program-log.ts";
import { asNobody } from "./as-nobody.ts";
import { createClient } from "./client.ts";
import { openFilesUnder, tellsOpenFiles } from "./open-files.ts";
import { signIn, signUp, startForPeople } from "./people.ts";
import { startApp, type StartedApp } from "./start-app.ts";

/** As a browser makes them. */
const KEYS = {
  p256dh: createECDH("prime256v1").generateKeys("base64url", "uncompressed"),
  auth: randomBytes(16).toString("base64url"),
};

let data: string;
let lines: string[];
let used: Readonly<Record<"people" | "local", string>>;
beforeAll(async () => {
  used = { people: await useOnce(false), local: await useOnce(true) };
});
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "instep-side-"));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));
afterAll(() => {
  for (const folder of Object.values(used)) rmSync(folder, { recursive: true, force: true });
});

/** Each does its harm to one file, with what SQLite keeps beside it. */
const STATES = {
  missing: (path: string) => removeParts(path),
  empty: (path: string) => {
    removeParts(path);
    writeFileSync(path, "");
  },
  garbage: (path: string) => {
    removeParts(path);
    writeFileSync(path, Buffer.from("\u0000noise ".repeat(2000)));
  },
  "read-only": (path: string) => chmodSync(path, 0o400),
  "a folder": (path: string) => {
    removeParts(path);
    mkdirSync(join(path, "inside"), { recursive: true });
  },
} as const;
type State = keyof typeof STATES;

function removeParts(path: string): void {
  for (const part of ["", "-wal", "-shm", "-journal"]) rmSync(`${path}${part}`, { force: true });
}

/** `goes on`: nothing to say. `anew`: it is put aside and made again, and the log says so. `refuses`: no start, and nothing is changed. */
type Outcome = "goes on" | "anew" | "said" | "refuses";

interface Rule {
  readonly isLocal?: boolean;
  readonly outcomes: Readonly<Record<State, Outcome>>;
}

/** What people wrote, and who they are: only a person can say what to do. One that was taken away is begun anew. */
const IRREPLACEABLE: Rule = {
  outcomes: { missing: "goes on", empty: "refuses", garbage: "refuses", "read-only": "refuses", "a folder": "refuses" },
};

/** Nothing depends on what it holds. */
const UNHEEDED: Rule = {
  outcomes: { missing: "goes on", empty: "goes on", garbage: "goes on", "read-only": "goes on", "a folder": "goes on" },
};

const FILES: Readonly<Record<string, Rule>> = {
  "instep.sqlite": IRREPLACEABLE,
  "accounts.sqlite": IRREPLACEABLE,
  "auth-secret": {
    outcomes: { missing: "said", empty: "refuses", garbage: "refuses", "read-only": "goes on", "a folder": "refuses" },
  },
  // Whatever becomes of these, the start and the sign-in go on.
  "attempts.sqlite": {
    outcomes: { missing: "goes on", empty: "goes on", garbage: "anew", "read-only": "anew", "a folder": "anew" },
  },
  "push-key": {
    outcomes: { missing: "goes on", empty: "anew", garbage: "anew", "read-only": "goes on", "a folder": "anew" },
  },
  "push.sqlite": {
    isLocal: true,
    outcomes: { missing: "goes on", empty: "goes on", garbage: "anew", "read-only": "anew", "a folder": "anew" },
  },
  "instep.lock": UNHEEDED,
  "instep.sqlite-seal": UNHEEDED,
};

test("every file that a server keeps is in the table, of a first start nothing is said, and a stop leaves none of them open", async () => {
  for (const isLocal of [true, false]) {
    const app = await start(isLocal);
    await use(app, isLocal);
    expect(openFilesUnder(data).length > 0).toBe(tellsOpenFiles);
    await app.stop();
    expect([lines, openFilesUnder(data)]).toEqual([[], []]);
  }
  expect(readdirSync(data).toSorted()).toEqual(Object.keys(FILES).toSorted());
});

describe.each(Object.entries(FILES))("%s", (name, { isLocal = false, outcomes }) => {
  it.each(Object.entries(outcomes))("[SAFE-3] %s: %s", { timeout: 60_000 }, async (state, outcome) => {
    cpSync(isLocal ? used.local : used.people, data, { recursive: true, preserveTimestamps: true });
    const path = join(data, name);
    STATES[state as State](path);
    const before = existsSync(path) && statSync(path).isFile() ? readFileSync(path) : null;
    const started = await asNobody(data, () => start(isLocal).catch((error: unknown) => error));
    if (outcome === "refuses") {
      expect(started).toBeInstanceOf(Error);
      if (name !== "instep.sqlite") expect(String(started)).toContain(path);
      expect(existsSync(path) && statSync(path).isFile() ? readFileSync(path) : null).toEqual(before);
      return;
    }
    const app = started as StartedApp;
    try {
      await asNobody(data, () => use(app, isLocal));
      const aside = readdirSync(data).filter((other) => /\.unusable-[\dTZ-]+$/.test(other));
      const mayMakeRoom = outcome === "anew" || state === "a folder";
      expect(aside.length).toBeLessThanOrEqual(mayMakeRoom ? 1 : 0);
      expect(lines.filter((line) => line.includes("anew"))).toHaveLength(
        outcome === "anew" || outcome === "said" ? 1 : 0,
      );
      if (outcome === "anew") expect(aside[0]).toMatch(new RegExp(`^${name}\\.unusable-`));
    } finally {
      await app.stop();
    }
  });
});

function start(isLocal: boolean): Promise<StartedApp> {
  lines = [];
  const log = createLog({ logLevel: "warn" }, { write: (line) => lines.push(line) });
  const options = { env: { DATA_DIR: data }, log };
  return isLocal ? startApp(options) : startForPeople(options);
}

/** Signs in, writes, and subscribes to pushes: every file of the folder is used. */
async function use(app: StartedApp, isLocal: boolean): Promise<void> {
  const signedIn = () => signIn(app.url, "ann").catch(() => signUp(app.url, "ann"));
  const client = isLocal ? createClient(app.url) : await signedIn();
  expect(await client.call("/api/conversations", { body: {} })).toMatchObject({ status: 201 });
  expect(await client.call("/api/push/key")).toMatchObject({ status: 200 });
  const subscription = { endpoint: "https://8.8.8.8/one", keys: KEYS };
  expect(await client.call("/api/push/subscriptions", { body: subscription })).toMatchObject({ status: 200 });
  expect((await client.call("/readyz")).status).toBe(200);
}

/** A folder that a server has kept its files in. */
async function useOnce(isLocal: boolean): Promise<string> {
  data = mkdtempSync(join(tmpdir(), "instep-used-"));
  const app = await start(isLocal);
  await use(app, isLocal);
  await app.stop();
  return data;
}
