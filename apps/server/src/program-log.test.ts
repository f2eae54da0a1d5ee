import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ModelError } from "./generation/model.ts";
import { createLog, describeError, type LogTarget } from "./program-log.ts";

function target(isTTY: boolean) {
  const lines: string[] = [];
  return { lines, target: { isTTY, write: (line: string) => lines.push(line) } satisfies LogTarget };
}

describe("the log", () => {
  it("is JSON, a line each, where nobody reads along", () => {
    const { lines, target: file } = target(false);
    createLog({ logLevel: "info" }, file).warn({ code: "x" }, "something");
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: 40, msg: "something", code: "x" });
  });

  it("is a line to read in a terminal", () => {
    const { lines, target: terminal } = target(true);
    const log = createLog({ logLevel: "info" }, terminal);
    log.warn({ code: "x", n: 2 }, "something");
    log.error({ err: Object.assign(new Error("disk is full"), { code: "SQLITE_FULL" }) }, "the database had trouble");
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d warn {2}something code=x n=2\n$/);
    expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d error the database had trouble \(SQLITE_FULL: disk is full\)\n$/);
  });

  it("has nothing below its level", () => {
    const { lines, target: file } = target(false);
    createLog({ logLevel: "warn" }, file).info("something");
    expect(lines).toEqual([]);
  });

  it("[SAFE-3] never holds what a model or its endpoint answered, wherever in an error it stands", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{12,40}$/), (words) => {
        const prompt = `PROMPT${words}`;
        const errors = [
          new ModelError("model_failed", prompt, { retryable: false, cause: new Error(prompt) }),
          Object.assign(new Error(prompt), { code: "model_unreachable" }),
          new SyntaxError(`Unexpected token in "${prompt}"`),
          new AggregateError([new Error(prompt)], prompt),
          new Error("failed", { cause: new Error(prompt) }),
          Object.assign(new Error("failed"), { body: prompt, response: { text: prompt } }),
          prompt,
          { message: prompt },
        ];
        for (const isTTY of [false, true]) {
          const { lines, target: place } = target(isTTY);
          for (const err of errors) createLog({ logLevel: "info" }, place).error({ err }, "reply failed unexpectedly");
          expect(lines).toHaveLength(errors.length);
          expect(lines.join("")).not.toContain(prompt);
        }
      }),
      { numRuns: 20 },
    );
  });

  it("[SAFE-3] keeps the beginning of what an error says, however much it says", () => {
    expect(describeError(new Error(`no room: ${"x".repeat(1_000_000)}`)).message).toMatch(/^no room: x{50,291}$/);
  });

  it("keeps what finds the fault: type, code, message and where", () => {
    const error = Object.assign(new TypeError("x is not a function"), { code: "E" });
    expect(describeError(error)).toMatchObject({ type: "TypeError", code: "E", message: "x is not a function" });
    expect(describeError(error).stack).toContain("program-log.test.ts");
  });
});
