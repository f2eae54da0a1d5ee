/** Presets of instructions over HTTP: kept for the account, bounded, exported and imported. */
import { MAX_INSTRUCTIONS_LENGTH, MAX_PRESET_NAME_LENGTH, MAX_PRESETS, type PresetList } from "@instep/protocol";
import { PresetListSchema } from "@instep/protocol/schemas";
import { randomUUID } from "node:crypto";
import { Value } from "typebox/value";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { importFile } from "./import-calls.ts";
import { signIn, signUp, startForPeople, type Someone } from "./people.ts";
import type { StartedApp } from "./start-app.ts";

let app: StartedApp;
let ann: Someone;
let people = 0;

beforeAll(async () => {
  app = await startForPeople();
});

beforeEach(async () => {
  people += 1;
  ann = await signUp(app.url, `ann${people}`);
});

afterAll(() => app.stop());

const put = (who: Someone, id: string, body: object) =>
  who.call<PresetList & { code?: string }>(`/api/presets/${id}`, { method: "PUT", body });
const remove = (who: Someone, id: string) =>
  who.call<PresetList & { code?: string }>(`/api/presets/${id}`, { method: "DELETE" });
const list = async (who: Someone) => (await who.call<PresetList>("/api/presets")).body.presets;

it("[PRESET-1] what one device keeps, renames and deletes, the other one has; a deletion is undone by putting it again", async () => {
  const phone = await signIn(app.url, `ann${people}`);
  const id = randomUUID();
  const made = await put(ann, id.toUpperCase(), { name: "  Brief ", instructions: "Be brief." });
  expect(made.status).toBe(200);
  expect(Value.Check(PresetListSchema, made.body)).toBe(true);
  const [preset] = made.body.presets;
  expect(preset).toMatchObject({ id, name: "Brief", instructions: "Be brief." });
  expect(await list(phone)).toEqual([preset]);
  const renamed = await put(phone, id, { name: "Short", instructions: "Be brief." });
  expect(renamed.body.presets.map(({ name }) => name)).toEqual(["Short"]);
  expect(await list(ann)).toEqual(renamed.body.presets);
  expect((await remove(ann, id.toUpperCase())).body).toEqual({ presets: [] });
  expect([(await remove(phone, id)).status, (await remove(phone, id)).body.code]).toEqual([404, "preset_not_found"]);
  await put(ann, id, { name: "Short", instructions: "Be brief." });
  expect((await list(phone)).map(({ name }) => name)).toEqual(["Short"]);
});

const long = "x".repeat(MAX_INSTRUCTIONS_LENGTH + 1);

it.each<[string, { readonly id?: string; readonly body: object; readonly code?: string }]>([
  ["an id that is none", { id: "one", body: { name: "Brief", instructions: "x" }, code: "invalid_parameter" }],
  ["no name", { body: { instructions: "x" } }],
  ["a name that nobody sees", { body: { name: " \n", instructions: "x" } }],
  ["a name that is too long", { body: { name: "n".repeat(MAX_PRESET_NAME_LENGTH + 1), instructions: "x" } }],
  [
    "a name that is too long in emoji",
    { body: { name: "😀".repeat(MAX_PRESET_NAME_LENGTH / 2 + 1), instructions: "x" } },
  ],
  [
    "instructions that are too long in emoji",
    { body: { name: "Brief", instructions: "😀".repeat(MAX_INSTRUCTIONS_LENGTH / 2 + 1) } },
  ],
  ["instructions that say nothing", { body: { name: "Brief", instructions: " " } }],
  ["instructions that are too long", { body: { name: "Brief", instructions: long } }],
])("[PRESET-1] refuses %s", async (_what, { id = randomUUID(), body, code = "invalid_body" }) => {
  const answer = await put(ann, id, body);
  expect([answer.status, answer.body.code]).toEqual([400, code]);
  expect(await list(ann)).toEqual([]);
});

it("[PRESET-1] has room for the longest ones, and for no more than so many", async () => {
  const body = {
    name: "n".repeat(MAX_PRESET_NAME_LENGTH),
    instructions: "\u0001x".repeat(MAX_INSTRUCTIONS_LENGTH / 2),
  };
  const ids = Array.from({ length: MAX_PRESETS }, () => randomUUID());
  for (const id of ids) expect((await put(ann, id, body)).status).toBe(200);
  const refused = await put(ann, randomUUID(), body);
  expect([refused.status, refused.body.code]).toEqual([403, "too_many_presets"]);
  expect((await list(ann)).map(({ id }) => id)).toEqual(ids);
});

it("[PRESET-1] an export has them, and its import adds those that are not there; one conversation's has none", async () => {
  const bob = await signUp(app.url, `bob${people}`);
  const [shared, own] = [randomUUID(), randomUUID()];
  await put(ann, shared, { name: "Brief", instructions: "Be brief." });
  await put(ann, own, { name: "Long", instructions: 'Say "conversations": [1, 2] at length.' });
  const { id } = await ann.create("Marmalade");
  await ann.batch(id, { message: "Marmalade" });
  const file = (await ann.call("/api/export")).text;
  expect(JSON.parse(file)).toMatchObject({ presets: await list(ann), conversations: [{ title: "Marmalade" }] });
  expect(JSON.parse((await ann.call(`/api/export?conversation=${id}`)).text)).not.toHaveProperty("presets");
  await put(bob, shared, { name: "Bob's", instructions: "Be Bob." });
  const imported = await bob.call("/api/import", { method: "POST", body: file });
  expect(imported.text).toContain("event: done");
  const names = async () => (await list(bob)).map(({ name }) => name);
  expect(await names()).toEqual(["Bob's", "Long"]);
  expect(JSON.parse((await bob.call("/api/export")).text)).toMatchObject({ conversations: [{ title: "Marmalade" }] });
});

it("[PRESET-1] [IMPORT-1] an import says for how many presets there was no room, and how many were none", async () => {
  const preset = (index: number) => ({ id: randomUUID(), name: `Preset ${index}`, instructions: "x" });
  for (let index = 0; index < 3; index += 1) await put(ann, randomUUID(), preset(index));
  const presets = [...Array.from({ length: MAX_PRESETS - 1 }, (_, index) => preset(index)), { name: "no id" }];
  const file = JSON.stringify({ instep_export: 1, presets, conversations: [] });
  const { end } = await importFile(app.url, file, { cookie: ann.cookie });
  expect(end).toMatchObject({ event: "done", data: { presets_left_out: 3 } });
  expect(await list(ann)).toHaveLength(MAX_PRESETS);
});
