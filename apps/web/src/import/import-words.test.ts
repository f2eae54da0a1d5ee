import { expect, test } from "vitest";
import { importReport } from "../../test/import-reports.ts";
import { detailLines, outcomeWords, importProblemWords } from "./import-words.ts";

const ended = (how: "done" | "stopped" | "failed", counts: Parameters<typeof importReport>[0]) => {
  const report = importReport(counts);
  return outcomeWords({ kind: "ended", how, report, soFar: report, problem: null, refused: [] });
};

test.each([
  ["done", { added: 1200, messages: 1 }, "1,200 conversations came in, 1 message in all."],
  ["done", { added: 1 }, "1 conversation came in."],
  ["done", { grown: 2, messages: 3 }, "2 conversations that stood here got what is new."],
  ["done", { known: 3 }, "Nothing new: all of it is here already."],
  ["done", { empty: 3 }, "There was nothing to bring in."],
  [
    "stopped",
    { added: 1, grown: 1 },
    "Stopped. What came in before stays: 2 conversations. Importing again goes on from there.",
  ],
  ["stopped", {}, "Stopped. Nothing had come in yet. Importing again goes on from there."],
  ["failed", { added: 2 }, "What came in before stays: 2 conversations."],
] as const)("what was %s with %j is one sentence or two: %s", (how, counts, words) => {
  expect(ended(how, counts)).toBe(words);
});

test("everything that was left out is told by its kind, and nothing that was not", () => {
  expect(detailLines(importReport({ added: 5, messages: 9 }))).toEqual([]);
  const counts = { added: 1, grown: 2, kept: 3, kept_titles: ["Bread", "Jam"], known: 4, versions: 5 };
  const more = { empty: 6, too_large: 7, unreadable: 8, presets_left_out: 9 };
  expect(detailLines(importReport({ ...counts, ...more }, { tool: 9, branch: 1 }))).toEqual([
    "Earlier versions of what was edited or asked again: 5.",
    "Here already, and continued with what is new: 2.",
    "Changed here since, and left as they are: “Bread”, “Jam” and 1 more.",
    "Here already, or deleted here before: 4.",
    "Without any message: 6.",
    "Too long to come in here; the command takes them: 7.",
    "Presets that there is no room for, or that are none: 9.",
    "No conversations: 8.",
    "Parts of conversations that were left out: 9 calls and results of tools, 1 on other branches.",
  ]);
});

test("why a file did not come in is the server's own sentence about the file, or what the code means", () => {
  const words = (code: string, detail = "Because.") => importProblemWords({ file: "a.zip", code, detail });
  expect(words("unreadable_file")).toBe("a.zip: Because.");
  expect(words("invalid_body")).toBe("a.zip: Because.");
  expect(words("body_too_large")).toContain("larger than this server takes");
  expect(words("import_running")).toContain("Another import is running.");
  expect(words("too_many_conversations")).toContain("no room for another conversation");
  expect(words("unreachable", "")).toContain("it goes on from there");
});
