/** An import over HTTP that goes wrong on the server's side, or whose sender is gone before its turn. */
import Database from "better-sqlite3";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { chatGptExport, importFile, leftFiles, openImport, reportOf } from "./import-calls.ts";
import { signUp, startForPeople, type Someone } from "./people.ts";
import type { StartedApp } from "./start-app.ts";

let app: StartedApp;
let ann: Someone;
let logged: string[];

beforeEach(async () => {
  logged = [];
  const log = pino({ level: "error" }, { write: (line) => void logged.push(line) });
  app = await startForPeople({ log, heartbeatMs: 20 });
  ann = await signUp(app.url, "ann");
});
afterEach(() => app.stop());

test("[IMPORT-2] a write that fails ends it with an error, which stands in the log once and not in the answer", async () => {
  const db = new Database(join(app.dataDir, "instep.sqlite"));
  db.exec("CREATE TRIGGER odd BEFORE INSERT ON message BEGIN SELECT RAISE(ABORT, 'an odd database'); END");
  const { end } = await importFile(app.url, chatGptExport(2), { cookie: ann.cookie });
  expect(end).toMatchObject({ event: "error", data: { code: "internal", report: { added: 0 } } });
  expect(JSON.stringify(end)).not.toContain("odd");
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain("an import broke off");
  db.exec("DROP TRIGGER odd");
  db.close();
  expect(reportOf(await importFile(app.url, chatGptExport(2), { cookie: ann.cookie })).added).toBe(2);
  expect(leftFiles(app.dataDir)).toEqual([]);
});

test("[IMPORT-3] whoever is gone before its turn leaves no file, and its account may begin anew, while the others go on", async () => {
  const people = [ann, await signUp(app.url, "bea"), await signUp(app.url, "cid")];
  const [first, second, third] = people.map(({ cookie }) => openImport(app.url, { cookie }));
  if (!first || !second || !third) throw new Error("three are needed");
  for (const one of [first, second]) {
    one.sent.end(chatGptExport(3000));
    await one.until("event: progress");
  }
  third.sent.end(chatGptExport(1));
  await vi.waitFor(() => expect(leftFiles(app.dataDir)).toHaveLength(3), { timeout: 15_000 });
  await third.until(":");
  third.sent.destroy();
  await vi.waitFor(() => expect(leftFiles(app.dataDir)).toHaveLength(2), { timeout: 15_000 });
  const again = openImport(app.url, { cookie: people[2]?.cookie ?? "" });
  again.sent.end(chatGptExport(1));
  await vi.waitFor(() => expect(leftFiles(app.dataDir)).toHaveLength(3), { timeout: 15_000 });
  expect([first.text(), second.text()].filter((text) => text.includes("event: done"))).toEqual([]);
  await again.ended;
  expect(again.text()).toContain("event: done");
  await Promise.all([first.ended, second.ended]);
}, 60_000);

test("[IMPORT-3] whoever hears of the end may begin the next one at once", async () => {
  const statuses: number[] = [];
  for (let index = 0; index < 5; index += 1) {
    const one = openImport(app.url, { cookie: ann.cookie });
    one.sent.end(chatGptExport(1));
    await one.until("event: done");
    statuses.push((await importFile(app.url, chatGptExport(1), { cookie: ann.cookie })).status);
  }
  expect(statuses).toEqual([200, 200, 200, 200, 200]);
});
