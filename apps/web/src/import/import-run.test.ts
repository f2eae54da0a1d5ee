import { expect, test } from "vitest";
import { exportFile, importReport } from "../../test/import-reports.ts";
import type { FileListener } from "./import-call.ts";
import { createImportRun } from "./import-run.ts";

function running(names: readonly string[] = ["a.json"]) {
  const sent: { readonly file: File; readonly listener: FileListener }[] = [];
  const run = createImportRun((file, listener) => {
    sent.push({ file, listener });
    return () => listener.onEnd({ kind: "stopped" });
  });
  const states: unknown[] = [];
  run.subscribe(() => states.push(run.state()));
  const files = names.map((name) => exportFile(name));
  run.begin(files);
  const last = () => {
    const one = sent.at(-1);
    if (one === undefined) throw new Error("nothing was sent");
    return one;
  };
  return { run, sent, states, last, files };
}

test("files are sent one after the other, and their reports are one", () => {
  const { run, sent, last } = running(["a.json", "b.zip"]);
  expect(run.state()).toMatchObject({ kind: "running", file: "a.json", phase: "sending", share: 0 });
  const one = importReport({ added: 2, messages: 8, kept: 1, kept_titles: ["Bread"] }, { tool: 1 });
  last().listener.onEnd({ kind: "done", report: one });
  expect([sent.length, run.state()]).toMatchObject([2, { kind: "running", file: "b.zip", soFar: { added: 2 } }]);
  last().listener.onProgress({ share: 0.5, read: 1, added: 1, grown: 1, messages: 2 });
  expect(run.state()).toMatchObject({ phase: "reading", share: 0.5, soFar: { added: 3, grown: 1, messages: 10 } });
  const other = importReport({ added: 3, kept: 1, kept_titles: ["Jam"] }, { tool: 2, other: 1 });
  last().listener.onEnd({ kind: "done", report: other });
  expect(run.state()).toMatchObject({
    kind: "ended",
    how: "done",
    report: { added: 5, messages: 8, kept: 2, kept_titles: ["Bread", "Jam"], left_out: { tool: 3, other: 1 } },
    problem: null,
  });
});

test("once the file is out, it is being read", () => {
  const { run, last } = running();
  last().listener.onSent(0.5);
  expect(run.state()).toMatchObject({ phase: "sending", share: 0.5 });
  last().listener.onSent(1);
  expect(run.state()).toMatchObject({ phase: "reading", share: 0 });
});

test("[IMPORT-3] a stop ends all files, and says what had come in", () => {
  const { run, sent, last } = running(["a.json", "b.json"]);
  last().listener.onProgress({ share: 0.2, read: 3, added: 2, grown: 0, messages: 9 });
  run.stop();
  expect([sent.length, run.state()]).toMatchObject([1, { kind: "ended", how: "stopped", soFar: { added: 2 } }]);
});

test("a file that fails ends all, by its name, with what had come in by its report or by what was told last", () => {
  const { run, sent, last } = running(["a.json", "b.json"]);
  const report = importReport({ added: 4 });
  last().listener.onEnd({ kind: "failed", code: "unreadable_file", detail: "No.", report });
  expect([sent.length, run.state()]).toMatchObject([
    1,
    { how: "failed", report, soFar: { added: 4 }, problem: { file: "a.json", code: "unreadable_file", detail: "No." } },
  ]);
  const broken = running();
  broken.last().listener.onProgress({ share: 0.2, read: 3, added: 2, grown: 0, messages: 9 });
  broken.last().listener.onEnd({ kind: "failed", code: "unreachable", detail: "", report: null });
  expect(broken.run.state()).toMatchObject({ how: "failed", soFar: { added: 2, messages: 9 } });
});

test("while one runs no other begins or asks, and nothing takes it away", () => {
  const { run, sent, files } = running();
  run.ask(files);
  run.begin(files);
  run.clear();
  expect([sent.length, run.state().kind]).toEqual([1, "running"]);
});

test("it asks before it takes what was dropped, and is ready again once it is cleared", () => {
  const { run, last, files, states } = running();
  last().listener.onEnd({ kind: "done", report: importReport() });
  run.ask(files);
  expect(run.state()).toEqual({ kind: "asking", files });
  run.clear();
  expect([run.state(), states.length > 0]).toEqual([{ kind: "idle" }, true]);
});
