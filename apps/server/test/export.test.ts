/** `GET /api/export`: one's own conversations as a file, whole or not at all. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createClient, type Client } from "./client.ts";
import { signIn, signUp, startForPeople, type Someone } from "./people.ts";
import { THIS_MACHINES } from "./this-machines.ts";
import { startApp, type StartedApp } from "./start-app.ts";

const CLI = fileURLToPath(new URL("../src/cli/cli.ts", import.meta.url));

let app: StartedApp;
let ann: Someone;

beforeEach(async () => {
  app = await startForPeople();
  ann = await signUp(app.url, "ann");
});

afterEach(() => app.stop());

interface Exported {
  readonly exported_at: string;
  readonly conversations: readonly { readonly id: string; readonly model?: string; readonly versions?: unknown[] }[];
}

/** Versions, instructions, a model of its own and one of the server's, one that is archived and one in the trash. */
async function fill(client: Client): Promise<void> {
  const [kept, archived, trashed] = [
    await client.create("Kept"),
    await client.create("Old"),
    await client.create("No"),
  ];
  await client.batch(kept.id, { message: "Marmalade" });
  await client.batch(kept.id, { message: "Marmalade again", more: { replace_from_seq: 1 } });
  await client.batch(archived.id, { message: "Quince" });
  const change = (id: string, body: object) => client.call(`/api/conversations/${id}`, { method: "PATCH", body });
  await change(kept.id, { instructions: "Be brief", pinned: true });
  await change(archived.id, { archived: true, model: "demo" });
  await client.call(`/api/conversations/${trashed.id}`, { method: "DELETE" });
}

async function importAs(address: string, text: string): Promise<number | null> {
  const file = join(app.dataDir, "from-http.json");
  writeFileSync(file, text);
  const env = { ...THIS_MACHINES, DATA_DIR: app.dataDir, ALLOWED_EMAILS: "*@example.com" };
  const words = ["--conditions=@instep/source", CLI, "import", file, address];
  const child = spawn(process.execPath, words, { cwd: app.dataDir, env, stdio: "ignore" });
  return new Promise((resolve) => child.once("close", resolve));
}

/** A conversation long enough that its export is more than a connection takes at once. */
async function fillLong(): Promise<void> {
  const created_at = "2026-01-01T00:00:00.000000Z";
  const content = "quince ".repeat(100_000);
  const messages = Array.from({ length: 30 }, () => ({ id: randomUUID(), role: "user", content, created_at }));
  const conversation = { id: randomUUID(), title: "Long", created_at, messages };
  await importAs("ann@example.com", JSON.stringify({ instep_export: 1, conversations: [conversation] }));
}

it("[SIGN-9] gives all that an account has, as a file that an import reads, and nothing of another's", async () => {
  const bob = await signUp(app.url, "bob");
  await fill(ann);
  const answer = await ann.call<Exported>("/api/export");
  expect([answer.status, answer.headers.get("content-disposition"), answer.headers.get("cache-control")]).toEqual([
    200,
    `attachment; filename="instep-${answer.body.exported_at.slice(0, 10)}.json"`,
    "no-store",
  ]);
  const { conversations } = answer.body;
  expect(conversations).toHaveLength(2);
  expect(new Set(conversations.map(({ model }) => model))).toEqual(new Set(["demo", undefined]));
  expect(conversations.flatMap(({ versions }) => versions ?? [])).toHaveLength(1);
  expect((await bob.call<Exported>("/api/export")).body.conversations).toEqual([]);
  expect(await importAs("bob@example.com", answer.text)).toBe(0);
  const imported = (await bob.call<Exported>("/api/export")).body;
  expect(JSON.stringify(imported.conversations)).toBe(JSON.stringify(conversations));
}, 60_000);

it("[SIGN-9] gives one conversation alone, as a file that an import reads, or as markdown, and nobody another's", async () => {
  await fill(ann);
  const bob = await signUp(app.url, "bob");
  const all = (await ann.call<Exported>("/api/export")).body.conversations;
  for (const one of all) {
    const answer = await ann.call<Exported>(`/api/export?conversation=${one.id.toUpperCase()}`);
    expect(answer.body.conversations).toEqual([one]);
    expect((await bob.call(`/api/export?conversation=${one.id}`)).body.code).toBe("conversation_not_found");
    expect((await bob.call(`/api/export?conversation=${one.id}&format=markdown`)).status).toBe(404);
  }
  const [{ id }] = (await ann.call<{ conversations: [{ id: string }] }>("/api/conversations")).body.conversations;
  await ann.call(`/api/conversations/${id}`, { method: "PATCH", body: { title: 'Käse & \n"Brot"; #1' } });
  const text = await ann.call(`/api/export?conversation=${id}&format=markdown&account=${ann.user.id}`);
  expect(text.headers.get("content-type")).toBe("text/markdown; charset=utf-8");
  expect(text.headers.get("content-disposition")).toMatch(/^attachment; filename="ka-se-brot-1-[-\d]{10}\.md"$/);
  expect(text.text).toMatch(
    /^# Käse & "Brot"; #1\n\nInstructions:\n\n> Be brief\n\n## You\n\n\*\d{4}-\d\d-\d\d \d\d:\d\d UTC\*\n\nMarmalade again\n\n## Reply \(demo\)\n/,
  );
  expect(text.text).not.toContain("Marmalade\n");
});

it.each(["conversation=", "format=pdf", "format=markdown", "format=", "conversation=a&conversation=b"])(
  "[SIGN-9] [SYNC-7] says which parameter can't be used: %s",
  async (query) => {
    expect((await ann.call(`/api/export?${query}`)).body.code).toBe("invalid_parameter");
  },
);

it("[SIGN-9] is for whom it is meant, and for nobody who is not signed in", async () => {
  expect((await ann.call(`/api/export?account=${ann.user.id}`)).status).toBe(200);
  expect((await ann.call("/api/export?account=another")).body.code).toBe("unauthorized");
  expect((await ann.call("/api/export?account=")).body.code).toBe("invalid_parameter");
  expect((await ann.call("/api/export", { headers: { cookie: "" } })).body.code).toBe("unauthorized");
  const head = await fetch(`${app.url}/api/export`, { method: "HEAD", headers: { cookie: ann.cookie } });
  expect(head.status).toBe(405);
});

it("[SIGN-9] [SIGN-3] ends with its session, cut short so that nobody takes it for whole", async () => {
  await fillLong();
  const phone = await signIn(app.url, "ann");
  const download = await fetch(`${app.url}/api/export`, { headers: { cookie: phone.cookie } });
  const reader = download.body?.getReader();
  expect((await reader?.read())?.done).toBe(false);
  expect((await ann.call("/api/sessions?others=true", { method: "DELETE" })).status).toBe(200);
  const readOn = async () => {
    for (;;) if ((await reader?.read())?.done !== false) return;
  };
  await expect(readOn()).rejects.toThrow();
  expect((await ann.call<Exported>("/api/export")).body.conversations).toHaveLength(1);
});

it("[SIGN-9] [SAFE-2] is made twice at once at most, and again once those have ended", async () => {
  await fillLong();
  const controller = new AbortController();
  const begin = () => fetch(`${app.url}/api/export`, { headers: { cookie: ann.cookie }, signal: controller.signal });
  const both = [await begin(), await begin()];
  expect(both.map(({ status }) => status)).toEqual([200, 200]);
  const third = await ann.call("/api/export");
  expect([third.status, third.body.code, third.headers.get("retry-after")]).toEqual([503, "unavailable", "5"]);
  controller.abort();
  const statusOfAnother = async () => {
    const another = await fetch(`${app.url}/api/export`, { headers: { cookie: ann.cookie } });
    await another.body?.cancel();
    return another.status;
  };
  await expect.poll(statusOfAnother).toBe(200);
});

it("[SIGN-9] is given to the local account too", async () => {
  const local = await startApp();
  const { id } = await createClient(local.url).create();
  const answer = await fetch(`${local.url}/api/export`);
  expect(((await answer.json()) as Exported).conversations.map((one) => one.id)).toEqual([id]);
  await local.stop();
});
