/** Exports as they really look, each with what has to stand here afterwards. */
import type { ConversationId } from "@instep/protocol";
import { createEngine, systemEnvironment, type Engine } from "@instep/sync-server";
import { openInlineSqliteStorage } from "@instep/sync-server/sqlite";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LOCAL_ACCOUNT } from "../src/accounts/accounts.ts";
import { importFiles } from "../src/import/import-conversations.ts";
import { withSource } from "../src/import/import-source.ts";

const CASES = fileURLToPath(new URL("import-cases", import.meta.url));
const NOW = Date.parse("2026-01-01T00:00:00Z");
const accountId = LOCAL_ACCOUNT.id;

interface ExpectedConversation {
  readonly title: string;
  readonly messages: readonly (readonly [role: string, content: string])[];
}

const expected = JSON.parse(readFileSync(join(CASES, "expected.json"), "utf8")) as Record<
  string,
  readonly ExpectedConversation[]
>;
const REFUSED = ["import-jsonl.txt", "import-utf16.txt"];

let folder: string;
let engine: Engine;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "instep-cases-"));
  const storage = openInlineSqliteStorage({ path: join(folder, "x.sqlite"), isDurable: false });
  engine = createEngine({ storage, environment: systemEnvironment, options: { defaultModel: "" } });
  await engine.ensureAccount(LOCAL_ACCOUNT);
});
afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

async function bringIn(path: string) {
  const onProgress = () => undefined;
  return withSource(path, (files) => importFiles({ engine, accountId, files, now: NOW, onProgress }));
}

const caseFile = (name: string) => join(CASES, `${name}.json`);

async function standing(): Promise<readonly ExpectedConversation[]> {
  const found: ExpectedConversation[] = [];
  for (const archived of [false, true]) {
    const page = await engine.list(accountId, { limit: 100, cursor: null, archived });
    if ("refused" in page) throw new Error(page.refused);
    for (const { id, title } of page.conversations) {
      const opened = await engine.open(accountId, id as ConversationId, 100);
      if ("refused" in opened) throw new Error(opened.refused);
      found.push({ title, messages: opened.messages.map(({ role, content }) => [role, content] as const) });
    }
  }
  return found;
}

const byTitle = (all: readonly ExpectedConversation[]) => [...all].sort((a, b) => (a.title < b.title ? -1 : 1));

describe("an export", () => {
  test("of every case has its right value here", () => {
    const names = readdirSync(CASES).map((name) => name.replace(/\.json$/, ""));
    expect(names.filter((name) => name !== "expected").sort()).toEqual([...Object.keys(expected), ...REFUSED].sort());
  });

  test.each(Object.keys(expected))("%s is brought in word for word, once", async (name) => {
    await bringIn(caseFile(name));
    expect(byTitle(await standing())).toEqual(byTitle(expected[name] ?? []));
    const again = await bringIn(caseFile(name));
    expect(again).toMatchObject({ added: 0, grown: 0, messages: 0, kept: 0 });
  });

  test.each(REFUSED)("%s is refused in one sentence, and nothing is brought in", async (name) => {
    await expect(bringIn(join(CASES, name))).rejects.toThrow(
      /^The file [^.]*it has to be [^.]*\.json [^.]*\.zip\)[^.]*\.$/,
    );
    expect(await standing()).toEqual([]);
  });

  test.each([
    ["an object", '{"a": [1], "b": {"conversations": [{}]}}'],
    ["a list of something else", '[{"name": "x"}, 7, null]'],
    ["two objects", '{"mapping": {}} {"mapping": {}}'],
    ["a text", "hello"],
    ["nothing", ""],
  ])("of nobody's (%s) is refused in one sentence", async (_title, text) => {
    const path = join(folder, "unknown.json");
    writeFileSync(path, text);
    await expect(bringIn(path)).rejects.toThrow(/^The file [^\n]*\.$/);
    expect(await standing()).toEqual([]);
  });

  test("tells how much was left out, by kind", async () => {
    const { leftOut } = await bringIn(caseFile("claude-artifacts"));
    expect(leftOut).toEqual({
      hidden: 0,
      empty: 0,
      tool: 2,
      thinking: 1,
      citation: 0,
      branch: 1,
      other: 0,
      version: 0,
    });
    expect((await bringIn(caseFile("open-webui"))).leftOut).toMatchObject({ thinking: 1, branch: 1, tool: 0 });
    expect((await bringIn(caseFile("import-entity-markup"))).leftOut).toMatchObject({ citation: 1 });
    expect((await bringIn(caseFile("import-edited"))).leftOut).toMatchObject({ branch: 2 });
  });
});

describe("a newer export of the same account", () => {
  test("appends what is new to what is there, read, and older ones change nothing", async () => {
    await bringIn(caseFile("import-grown-1"));
    expect(await bringIn(caseFile("import-grown-2"))).toMatchObject({
      added: 0,
      grown: 1,
      known: 0,
      messages: 2,
      kept: 0,
    });
    expect(await standing()).toEqual(expected["import-grown-2"]);
    const page = await engine.list(accountId, { limit: 10, cursor: null, archived: false });
    expect(page).toMatchObject({ conversations: [{ message_count: 4, last_seq: 4, read_seq: 4, unread_count: 0 }] });
    expect(await bringIn(caseFile("import-grown-1"))).toMatchObject({ grown: 0, known: 1, messages: 0, kept: 0 });
    expect(await bringIn(caseFile("import-grown-2"))).toMatchObject({ grown: 0, known: 1, messages: 0, kept: 0 });
    expect(await standing()).toEqual(expected["import-grown-2"]);
  });

  test("leaves what a person named, and what a person went on with here, and says which", async () => {
    await bringIn(caseFile("import-grown-1"));
    const [conversation] = JSON.parse(readFileSync(caseFile("import-grown-1"), "utf8")) as [{ id: never }];
    await engine.patch(accountId, conversation.id, { title: "Mine" });
    await engine.append(accountId, conversation.id, { role: "user", content: "And here?" });
    expect(await bringIn(caseFile("import-grown-2"))).toMatchObject({
      grown: 0,
      known: 0,
      messages: 0,
      kept: 1,
      keptTitles: ["Pruning"],
    });
    const [left] = await standing();
    expect(left?.title).toBe("Mine");
    expect(left?.messages.map(([, content]) => content)).toEqual([
      "How do I prune roses?",
      "In late winter, above an outward bud.",
      "And here?",
    ]);
  });

  test("leaves what is in the trash or was erased here", async () => {
    await bringIn(caseFile("import-grown-1"));
    const [conversation] = JSON.parse(readFileSync(caseFile("import-grown-1"), "utf8")) as [{ id: never }];
    await engine.trash(accountId, conversation.id);
    expect(await bringIn(caseFile("import-grown-2"))).toMatchObject({ added: 0, grown: 0, known: 1, kept: 0 });
    await engine.erase(accountId, conversation.id);
    expect(await bringIn(caseFile("import-grown-2"))).toMatchObject({ added: 0, grown: 0, known: 1, kept: 0 });
    expect(await standing()).toEqual([]);
  });
});
