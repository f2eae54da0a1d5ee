/** Import and export with the real engine on SQLite: idempotent, whole, read, and there and back again. */
import type { ConversationId, SyncResponse } from "@instep/protocol";
import {
  checkEverything,
  createEngine,
  isRefusal,
  systemEnvironment,
  type Engine,
  type Storage,
} from "@instep/sync-server";
import { openInlineSqliteStorage } from "@instep/sync-server/sqlite";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LOCAL_ACCOUNT } from "../src/accounts/accounts.ts";
import { exportConversations } from "../src/import/export-conversations.ts";
import { importFiles, ImportStoppedError, type ImportSummary } from "../src/import/import-conversations.ts";
import { withSource } from "../src/import/import-source.ts";
import { NOTHING_LEFT_OUT } from "../src/import/left-out.ts";
import { lineOf, uuidOf, writeChatGptExport } from "./chatgpt-fixture.ts";
import { makeZip } from "./zip-fixture.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const accountId = LOCAL_ACCOUNT.id;

interface World {
  readonly engine: Engine;
  readonly storage: Storage;
}

let folder: string;
let worlds: World[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-import-"));
  worlds = [];
});
afterEach(async () => {
  for (const { engine, storage } of worlds) {
    expect(await storage.read((snapshot) => checkEverything(snapshot))).toEqual([]);
    await engine.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

async function openWorld(): Promise<World> {
  const storage = openInlineSqliteStorage({ path: join(folder, `${worlds.length}.sqlite`), isDurable: false });
  const engine = createEngine({ storage, environment: systemEnvironment, options: { defaultModel: "" } });
  await engine.ensureAccount(LOCAL_ACCOUNT);
  const world = { engine, storage };
  worlds.push(world);
  return world;
}

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function importInto(
  { engine }: World,
  path: string,
  onProgress = (_summary: ImportSummary, _share: number) => {},
) {
  return withSource(path, (files) => importFiles({ engine, accountId, files, now: NOW, onProgress }));
}

async function exportFrom({ engine }: World, meanwhile = async () => {}): Promise<string> {
  let text = "";
  const parts = { engine, accountId, exportedAt: "2026-01-01T00:00:00.000Z", onProgress: () => undefined };
  for await (const piece of exportConversations(parts)) {
    text += piece;
    await meanwhile();
  }
  return text;
}

async function list({ engine }: World, archived = false) {
  const page = await engine.list(accountId, { limit: 100, cursor: null, archived });
  if (isRefusal(page)) throw new Error(page.refused);
  return page.conversations;
}

/** The `updated_at` of every row of a full sync. */
async function syncedTimes({ engine }: World): Promise<string[]> {
  const everything = { since: null, full: true, epoch: null, waitS: 0, limit: 100, page: null, ifNoneMatch: null };
  const answer = await engine.sync(accountId, everything);
  if (isRefusal(answer) || answer.kind !== "answer") throw new Error("The sync was not answered");
  return (JSON.parse(answer.json) as SyncResponse).conversations.map((row) => row.updated_at);
}

async function clockOf({ storage }: World) {
  return storage.read(async (snapshot) => (await snapshot.account(accountId))?.clock);
}

const chat = (name: string, more: object = {}) =>
  lineOf(
    name,
    [
      { content: { parts: [`Question of ${name}`] } },
      { author: { role: "assistant" }, content: { parts: ["Answer"] } },
    ],
    more,
  );

describe("importing a ChatGPT export", () => {
  test("brings in conversations that are read, ordered by their own times", async () => {
    const world = await openWorld();
    const values = [
      chat("old", { update_time: 1_600_000_000 }),
      chat("new", { update_time: 1_700_000_000 }),
      chat("kept", { is_archived: true }),
    ];
    const summary = await importInto(world, write("conversations.json", JSON.stringify(values)));
    expect(summary).toEqual({
      read: 3,
      added: 3,
      grown: 0,
      known: 0,
      kept: 0,
      keptTitles: [],
      empty: 0,
      unreadable: 0,
      tooLarge: 0,
      presetsLeftOut: 0,
      messages: 6,
      versions: 0,
      leftOut: NOTHING_LEFT_OUT,
    });
    const live = await list(world);
    expect(
      live.map(({ title, unread_count, read_seq, message_count }) => ({
        title,
        unread_count,
        read_seq,
        message_count,
      })),
    ).toEqual([
      { title: "Conversation new", unread_count: 0, read_seq: 2, message_count: 2 },
      { title: "Conversation old", unread_count: 0, read_seq: 2, message_count: 2 },
    ]);
    expect((await list(world, true)).map(({ id }) => id)).toEqual([uuidOf("kept")]);
  });

  test("[TICK-1] a second import changes nothing, and the clock stands still", async () => {
    const world = await openWorld();
    const path = write("conversations.json", JSON.stringify([chat("a"), chat("b")]));
    await importInto(world, path);
    const [before, clock] = [await list(world), await clockOf(world)];
    expect(await importInto(world, path)).toMatchObject({ added: 0, known: 2, messages: 0 });
    expect(await list(world)).toEqual(before);
    expect(await clockOf(world)).toBe(clock);
  });

  test("what was deleted here does not come back", async () => {
    const world = await openWorld();
    const path = write("conversations.json", JSON.stringify([chat("a"), chat("b")]));
    await importInto(world, path);
    const [first, second] = await list(world);
    await world.engine.trash(accountId, first?.id as Parameters<Engine["trash"]>[1]);
    await world.engine.erase(accountId, second?.id as Parameters<Engine["trash"]>[1]);
    expect(await importInto(world, path)).toMatchObject({ added: 0, known: 2 });
    expect(await list(world)).toEqual([]);
  });

  test("a conversation that stands twice in the file comes once", async () => {
    const world = await openWorld();
    const path = write("conversations.json", JSON.stringify([chat("a"), chat("a")]));
    expect(await importInto(world, path)).toMatchObject({ read: 2, added: 1, known: 1 });
  });

  test("what is no conversation is counted and passed over", async () => {
    const world = await openWorld();
    const path = write("x.json", JSON.stringify([null, { title: "?" }, lineOf("empty", []), chat("a")]));
    expect(await importInto(world, path)).toMatchObject({ read: 4, added: 1, empty: 1, unreadable: 2 });
  });

  test("a file that is cut keeps what stood whole in it, and the whole file adds the rest", async () => {
    const world = await openWorld();
    const whole = JSON.stringify([chat("a"), chat("b"), chat("c")]);
    const cut = write("cut.json", whole.slice(0, whole.indexOf("Conversation c")));
    const stopped = await importInto(world, cut).catch((error: unknown) => error);
    expect(stopped).toBeInstanceOf(ImportStoppedError);
    expect((stopped as ImportStoppedError).message).toMatch(/ends in the middle of conversation 3 \(byte \d+\)/);
    expect((stopped as ImportStoppedError).summary).toMatchObject({ added: 2 });
    expect(await importInto(world, write("whole.json", whole))).toMatchObject({ added: 1, known: 2 });
  });

  test("reads the folder with its parts, and the .zip as it was downloaded, packed or not", async () => {
    const world = await openWorld();
    const parts = {
      "conversations-000.json": JSON.stringify([chat("a")]),
      "conversations-001.json": JSON.stringify([chat("b")]),
    };
    mkdirSync(join(folder, "export"));
    for (const [name, text] of Object.entries(parts)) write(join("export", name), text);
    write(join("export", "user.json"), "{}");
    expect(await importInto(world, join(folder, "export"))).toMatchObject({ read: 2, added: 2 });
    const zipped = { "user.json": "{}", "sub/conversations.json": JSON.stringify([chat("a"), chat("c")]) };
    expect(await importInto(world, write("packed.zip", makeZip(zipped)))).toMatchObject({ added: 1, known: 1 });
    expect(await importInto(world, write("stored.zip", makeZip(zipped, false)))).toMatchObject({ added: 0, known: 2 });
  });

  const find = (path: string) => withSource(path, async (files) => files);

  test.each<[string, (path: string) => Promise<unknown>, RegExp]>([
    ["no file", async (path) => find(join(path, "none.json")), /There is no file/],
    ["what is no file", async () => find("/dev/null"), /\/dev\/null can't be read from any place; save it as a file/],
    ["an empty folder", async (path) => find(path), /has no conversations\.json/],
    [
      "a zip without conversations",
      async (path) => {
        writeFileSync(join(path, "a.zip"), makeZip({ "b.txt": "" }));
        return find(join(path, "a.zip"));
      },
      /has no conversations\.json inside/,
    ],
    [
      "a cut zip",
      async (path) => {
        writeFileSync(join(path, "a.zip"), makeZip({ "conversations.json": "[]" }).subarray(0, 60));
        return find(join(path, "a.zip"));
      },
      /cut or damaged/,
    ],
  ])("says what is wrong with %s", async (_name, findIn, sentence) => {
    await expect(findIn(folder)).rejects.toThrow(sentence);
  });

  test("reads a .zip whose entries have extra fields and comments, each of another length", async () => {
    const files = {
      "a/conversations.json": JSON.stringify([chat("a")]),
      "b/conversations-2.json": JSON.stringify([chat("b")]),
    };
    for (const extra of [
      { local: 28, directory: 24, comment: 0 },
      { local: 0, directory: 9, comment: 5 },
      { local: 7, directory: 0, comment: 3 },
    ]) {
      const world = await openWorld();
      const summary = await importInto(world, write(`${extra.local}.zip`, makeZip(files, true, extra)));
      expect(summary).toMatchObject({ read: 2, added: 2, messages: 4 });
    }
  });

  test("a damaged .zip stops with a sentence", async () => {
    const world = await openWorld();
    const zip = makeZip({ "conversations.json": JSON.stringify([chat("a")]) });
    zip.fill(0xff, 60, 90);
    await expect(importInto(world, write("bad.zip", zip))).rejects.toThrow(
      "The .zip file is cut or damaged; download it again.",
    );
  });

  test("tells its progress batch by batch, up to all of it", async () => {
    const world = await openWorld();
    const path = join(folder, "large.json");
    await writeChatGptExport(path, { conversations: 300, messagesEach: 10, replyLength: 200 });
    const shares: number[] = [];
    await importInto(world, path, (summary, share) => {
      expect(summary.added).toBeGreaterThan(0);
      shares.push(share);
    });
    expect(shares.length).toBeGreaterThan(2);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  });
});

describe("times that nobody's chat can have", () => {
  const odd = [
    "9999-12-31T23:59:59-01:00",
    "9999-12-31T00:00:00Z",
    "0000-01-01T00:00:00+01:00",
    "1969-12-31T23:59:59.5Z",
  ];

  test.each([
    [
      "ChatGPT's",
      odd.map((time, n) => chat(`odd ${n}`, { create_time: time, update_time: time })),
      (list: unknown) => list,
    ],
    [
      "Instep's",
      odd.map((time, n) => ({
        id: uuidOf(`odd ${n}`),
        title: "T",
        created_at: "2025-01-01T00:00:00Z",
        updated_at: time,
        messages: [{ id: uuidOf("m"), role: "user", content: "x", created_at: "9998-01-01T00:00:00Z" }],
      })),
      (conversations: unknown) => ({ instep_export: 1, conversations }),
    ],
  ])(
    "[SYNC-0] in %s export are brought between 1970 and now, so that every sync can be read",
    async (_name, values, wrap) => {
      const world = await openWorld();
      await importInto(world, write("odd.json", JSON.stringify(wrap(values))));
      const times = await syncedTimes(world);
      expect(times).toHaveLength(odd.length);
      for (const time of times) expect(time >= "1970-01-01" && time <= "2026-01-01T00:00:00.000000Z").toBe(true);
      expect(times.toSorted()).toEqual((await list(world)).map((summary) => summary.updated_at).toSorted());
      const exported = await exportFrom(world);
      expect(exported).not.toMatch(/"created_at":"(?!19[7-9]|20[01]|202[0-6])/);
    },
  );
});

describe("Instep's own export", () => {
  test("read into an empty database gives the same export again, word for word", async () => {
    const [from, to] = [await openWorld(), await openWorld()];
    const odd = lineOf("odd", [{ content: { parts: ['Quotes " and 🙂 and\nlines'] } }], {
      is_archived: true,
      is_starred: true,
    });
    const stopped = {
      author: { role: "assistant" },
      metadata: { model_slug: "m", finish_details: { type: "interrupted" } },
    };
    await importInto(from, write("c.json", JSON.stringify([chat("a"), odd, lineOf("stopped", [{}, stopped])])));
    const instructed = (await list(from))[0]?.id as ConversationId;
    await from.engine.patch(accountId, instructed, { instructions: 'Say "yes" \n🙂' });
    const exported = await exportFrom(from);
    expect(JSON.parse(exported)).toMatchObject({ instep_export: 1 });
    expect(await importInto(to, write("export.json", exported))).toMatchObject({ read: 3, added: 3, messages: 5 });
    expect(await exportFrom(to)).toBe(exported);
    expect((await list(to)).every((summary) => summary.unread_count === 0)).toBe(true);
    expect(await to.engine.open(accountId, instructed, 1)).toMatchObject({ instructions: 'Say "yes" \n🙂' });
  });

  test("brings in instructions that say something and are no longer than they may be, and changes none that stand", async () => {
    const world = await openWorld();
    const message = { id: uuidOf("m"), role: "user", content: "x", created_at: "2025-01-01T00:00:00Z" };
    const conversation = { id: uuidOf("c"), title: "T", created_at: "2025-01-01T00:00:00Z", messages: [message] };
    const odd = ["x".repeat(19_999) + "🙂", "\u200b\n", 7, null, undefined];
    const conversations = odd.map((instructions, n) => ({ ...conversation, id: uuidOf(`c ${n}`), instructions }));
    const fileOf = (list: readonly object[]) =>
      write("odd.json", JSON.stringify({ instep_export: 1, conversations: list }));
    expect(await importInto(world, fileOf(conversations))).toMatchObject({ added: 5 });
    const told = async (n: number) => {
      const opened = await world.engine.open(accountId, uuidOf(`c ${n}`) as ConversationId, 1);
      return isRefusal(opened) ? opened : opened.instructions;
    };
    expect(await Promise.all(odd.map((_, n) => told(n)))).toEqual(["x".repeat(19_999), null, null, null, null]);
    const longer = [message, { ...message, id: uuidOf("m2"), created_at: "2025-01-02T00:00:00Z" }];
    const grown = { ...conversations[0], updated_at: "2025-02-01T00:00:00Z", instructions: "Other", messages: longer };
    expect(await importInto(world, fileOf([grown]))).toMatchObject({ grown: 1 });
    expect(await told(0)).toBe("x".repeat(19_999));
  });

  test("[TICK-1] read into the database that it came from changes nothing", async () => {
    const world = await openWorld();
    await importInto(world, write("c.json", JSON.stringify([chat("a")])));
    const clock = await clockOf(world);
    expect(await importInto(world, write("export.json", await exportFrom(world)))).toMatchObject({
      added: 0,
      known: 1,
    });
    expect(await clockOf(world)).toBe(clock);
  });

  test("has every message of a conversation that is longer than a page, and not the trash", async () => {
    const world = await openWorld();
    const messages = Array.from({ length: 1_203 }, (_unused, index) => ({ content: { parts: [`m${index}`] } }));
    await importInto(world, write("c.json", JSON.stringify([lineOf("long", messages), chat("gone")])));
    await world.engine.trash(accountId, uuidOf("gone") as Parameters<Engine["trash"]>[1]);
    const { conversations } = JSON.parse(await exportFrom(world)) as {
      conversations: { messages: { content: string }[] }[];
    };
    expect(conversations).toHaveLength(1);
    expect(conversations[0]?.messages.map((message) => message.content)).toEqual(
      messages.map((_unused, index) => `m${index}`),
    );
  });

  test("has every conversation once, also where one moves in the list while it is made", async () => {
    const world = await openWorld();
    const names = Array.from({ length: 450 }, (_unused, index) => `c${index}`);
    await importInto(world, write("c.json", JSON.stringify(names.map((name) => chat(name)))));
    const listed = [...names];
    const move = async (): Promise<void> => {
      // The list's order is that of the export before: whatever was far down comes to its beginning, or into the archive.
      const id = uuidOf(listed.pop() ?? "c0") as Parameters<Engine["append"]>[1];
      await world.engine.append(accountId, id, { role: "user", content: "more" });
      if (listed.length % 2 === 0) await world.engine.patch(accountId, id, { archived: listed.length % 4 === 0 });
    };
    const { conversations } = JSON.parse(await exportFrom(world, move)) as { conversations: { id: string }[] };
    expect(conversations.map(({ id }) => id).sort()).toEqual(names.map((name) => uuidOf(name)).sort());
  });

  test("of an empty database is an empty list that can be read", async () => {
    const world = await openWorld();
    expect(await importInto(world, write("empty.json", await exportFrom(world)))).toMatchObject({ read: 0, added: 0 });
  });

  test("of a later version is refused in a sentence", async () => {
    const world = await openWorld();
    const path = write("later.json", '{"instep_export":2,"conversations":[]}');
    await expect(importInto(world, path)).rejects.toThrow(
      "This export has version 2, and this Instep reads version 1; update it.",
    );
  });

  test("leaves out what is no message or no conversation, and takes the rest", async () => {
    const world = await openWorld();
    const fine = {
      id: uuidOf("m"),
      role: "user",
      content: "a\u0000b",
      created_at: "2026-01-01T00:00:00Z",
      status: "streaming",
    };
    const conversations = [
      { id: "no-uuid", title: "?", created_at: "2026-01-01T00:00:00Z", messages: [] },
      {
        id: uuidOf("c"),
        title: "T",
        created_at: "2026-01-01T00:00:00Z",
        messages: [fine, { ...fine, role: "tool" }, { ...fine, id: 3 }, null, fine],
      },
    ];
    const path = write("odd.json", JSON.stringify({ instep_export: 1, conversations }));
    expect(await importInto(world, path)).toMatchObject({
      read: 2,
      added: 1,
      unreadable: 1,
      messages: 1,
      leftOut: { other: 4 },
    });
  });
});
