import fc from "fast-check";
import { expect, test } from "vitest";
import { exportFile, importReport } from "../../test/import-reports.ts";
import { scriptUploads } from "../../test/scripted-uploads.ts";
import { fileSender, type FileEnd } from "./import-call.ts";

function sending() {
  const uploads = scriptUploads();
  const heard: unknown[] = [];
  const ends: FileEnd[] = [];
  const file = exportFile();
  const stop = fileSender("ann")(file, {
    onSent: (share) => heard.push(share),
    onProgress: (progress) => heard.push(progress),
    onEnd: (end) => ends.push(end),
  });
  const [upload] = uploads;
  if (upload === undefined) throw new Error("nothing was sent");
  return { upload, heard, ends, stop, file };
}

const PROGRESS = { share: 0.5, read: 2, added: 1, grown: 0, messages: 4 };

test("[IMPORT-1] the file goes out as it is, for the account that the page has, and its way is told", () => {
  const { upload, heard, file } = sending();
  expect([upload.address, upload.file, upload.headers.get("instep-account")]).toEqual([
    "POST /api/import",
    file,
    "ann",
  ]);
  upload.sent(1, 4);
  upload.sent(4, 4);
  upload.event(1, "progress", PROGRESS);
  expect(heard).toEqual([0.25, 1, PROGRESS]);
});

test("[IMPORT-1] events are read whole wherever the network cuts them, each once, with signs of life in between", () => {
  const report = importReport({ added: 3 });
  const told = [
    `id: 1\nevent: progress\ndata: ${JSON.stringify(PROGRESS)}\n\n`,
    ": still here\n\n",
    `id: 2\nevent: something newer\ndata: {"a":1}\n\n`,
    `id: 3\nevent: done\ndata: ${JSON.stringify(report)}\n\n`,
  ].join("");
  fc.assert(
    fc.property(fc.array(fc.nat(told.length), { maxLength: 8 }), (cuts) => {
      const { upload, heard, ends } = sending();
      const places = [0, ...cuts.toSorted((a, b) => a - b), told.length];
      for (const [index, place] of places.entries()) upload.answer(told.slice(places[index - 1] ?? 0, place));
      expect(ends).toEqual([]);
      upload.finish();
      expect([heard, ends]).toEqual([[PROGRESS], [{ kind: "done", report }]]);
    }),
    { numRuns: 50 },
  );
});

test("[IMPORT-2] an end that failed has its code, its words and what was done", () => {
  const { upload, ends } = sending();
  const failure = { code: "unreadable_file", detail: "The file is no JSON.", report: importReport({ added: 1 }) };
  upload.event(1, "error", failure);
  upload.finish();
  expect(ends).toEqual([{ kind: "failed", ...failure }]);
});

test("a refusal is its problem; one of a proxy, and an answer that breaks off, have words of their own", () => {
  const refused = sending();
  refused.upload.answer('{"code":"import_running","detail":"Wait.","status":409}', 409);
  refused.upload.finish();
  expect(refused.ends).toEqual([{ kind: "failed", code: "import_running", detail: "Wait.", report: null }]);
  const proxy = sending();
  proxy.upload.answer("<h1>Request Entity Too Large</h1>", 413);
  proxy.upload.finish();
  expect(proxy.ends).toMatchObject([{ kind: "failed", code: "body_too_large" }]);
  const gateway = sending();
  gateway.upload.answer('{"message":"Request size limit exceeded"}', 413);
  gateway.upload.finish();
  expect(gateway.ends).toEqual([{ kind: "failed", code: "body_too_large", detail: "", report: null }]);
  const odd = sending();
  odd.upload.answer("<h1>Bad gateway</h1>", 502);
  odd.upload.finish();
  expect(odd.ends).toMatchObject([{ kind: "failed", code: "bad_answer" }]);
  const cut = sending();
  cut.upload.event(1, "progress", PROGRESS);
  cut.upload.fail();
  expect(cut.ends).toMatchObject([{ kind: "failed", code: "unreachable", report: null }]);
  const endless = sending();
  endless.upload.event(1, "progress", PROGRESS);
  endless.upload.finish();
  expect(endless.ends).toMatchObject([{ kind: "failed", code: "unreachable" }]);
});

test("[IMPORT-2] a connection that breaks after the last word takes nothing of it back", () => {
  const report = importReport({ added: 3 });
  const failure = { code: "unreadable_file", detail: "The file is no JSON.", report };
  for (const [event, data, end] of [
    ["done", report, { kind: "done", report }],
    ["error", failure, { kind: "failed", ...failure }],
  ] as const) {
    const { upload, ends } = sending();
    upload.event(1, event, data);
    upload.fail();
    expect(ends).toEqual([end]);
  }
});

test("[IMPORT-3] a stop ends the call, and is no failure", () => {
  const { stop, ends } = sending();
  stop();
  expect(ends).toEqual([{ kind: "stopped" }]);
});
