import { PROBLEMS } from "@instep/protocol/schemas";
import type { AccountId, Micros, ProblemCode } from "@instep/protocol";
import { openSqliteStorage } from "@instep/sync-server/sqlite";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { problemOf, translateError } from "./problems.ts";

describe("problemOf", () => {
  it.each(Object.keys(PROBLEMS) as ProblemCode[])("writes %s in full", (code) => {
    const { status, headers, body } = problemOf({ refused: code });
    expect(headers["content-type"]).toContain("application/problem+json");
    expect(body).toEqual({
      type: expect.any(String),
      title: PROBLEMS[code].title,
      status,
      detail: expect.stringMatching(/\.$/),
      code,
    });
    expect(status).toBe(PROBLEMS[code].status);
  });

  it("keeps the members of a refusal, and never lets them replace its own", () => {
    const members = { last_seq: 4, messages: [], code: "else", status: 200 };
    const { body } = problemOf({ refused: "stale_conversation", members });
    expect(body).toMatchObject({ last_seq: 4, messages: [], code: "stale_conversation", status: 409 });
  });

  it.each(["too_many_replies", "unavailable"] as const)("says when to try again after %s", (refused) => {
    expect(Number(problemOf({ refused }).headers["retry-after"])).toBeGreaterThan(0);
  });
});

describe("translateError", () => {
  it("says of a write for an account that was just erased that nobody is signed in", async () => {
    const folder = mkdtempSync(join(tmpdir(), "instep-problems-"));
    const storage = await openSqliteStorage({ path: join(folder, "instep.sqlite") });
    const moment = { accountId: "gone" as AccountId, now: 0 as Micros };
    const write = storage.transact("updateAccount", { ...moment, name: "Ann", unreadScope: null });
    const error = await write.then(String, (thrown: unknown) => thrown);
    expect(translateError(error)).toEqual({ refusal: { refused: "unauthorized" }, isOurs: false });
    await storage.close();
    rmSync(folder, { recursive: true });
  });

  it("hides what nobody expected, and has it logged", () => {
    const { refusal, isOurs } = translateError(new Error("SELECT secret FROM /home/someone"));
    expect(isOurs).toBe(true);
    expect(refusal.refused).toBe("internal");
    expect(JSON.stringify(problemOf(refusal))).not.toMatch(/secret|someone/);
  });

  it.each([
    ["SQLITE_BUSY", true],
    ["SQLITE_IOERR_WRITE", true],
    // What lasts is told once, when it begins.
    ["SQLITE_FULL", false],
    ["STORAGE_CLOSED", false],
    ["STORAGE_LOST", false],
  ])("calls a database that can't be used unavailable: %s", (code, isOurs) => {
    const error = Object.assign(new Error("x"), { code });
    expect(translateError(error)).toMatchObject({ refusal: { refused: "unavailable" }, isOurs });
  });

  it.each(["ENOSPC", "EDQUOT", "EROFS", "EMFILE", "ENFILE", "EIO"])(
    "[SAFE-3] calls files that can't be used just now unavailable, and has it logged: %s",
    (code) => {
      const { refusal, isOurs } = translateError(Object.assign(new Error("no room in /home/someone"), { code }));
      const { status, headers, body } = problemOf(refusal);
      expect([status, isOurs, Number(headers["retry-after"]) > 0]).toEqual([503, true, true]);
      expect(JSON.stringify(body)).not.toMatch(/database|someone/);
    },
  );

  it.each([null, undefined, 5, "text", { code: 7 }, { validation: [null] }, { validation: "x" }])(
    "takes anything that can be thrown: %j",
    (error) => {
      expect(translateError(error).refusal.refused).toMatch(/^(?:internal|invalid_body)$/);
    },
  );
});
