/** Every call of the OpenAPI document under arbitrary requests, shortly; `npm run fuzz` does it at length. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startFuzzedProgram, type FuzzedProgram } from "./openapi-fuzz/fuzzed-program.ts";
import { faultOf } from "./openapi-fuzz/judge.ts";
import { operationsOf } from "./openapi-fuzz/operations.ts";
import { fuzzed } from "./openapi-fuzz/property.ts";

const RUNS = 60;

describe("every call that the document names", { timeout: 180_000 }, () => {
  let program: FuzzedProgram;

  beforeAll(async () => {
    program = await startFuzzedProgram();
  }, 60_000);

  it("[SYNC-7] whatever it is asked with, answers as documented or with a problem, never with an error of the server", async () => {
    await fc.assert(fuzzed(program), { numRuns: RUNS, endOnFailure: true });
    expect(program.operations.length).toBeGreaterThan(30);
  });

  afterAll(async () => {
    expect(await program.finish(), "what is stored adds up").toBeNull();
  }, 60_000);
});

describe("the judge of answers", () => {
  const [operation] = operationsOf({
    paths: {
      "/api/x/{id}": {
        get: {
          responses: { 200: { content: { "application/json": { schema: { $ref: "#/components/schemas/X" } } } } },
        } as never,
      },
    },
    components: {
      schemas: { X: { type: "object", required: ["n"], properties: { n: { type: "integer", minimum: 1 } } } },
    },
  });
  if (operation === undefined) throw new Error("the document was not read");

  const common = { "x-content-type-options": "nosniff", "cache-control": "no-store" };
  const judge = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) => {
    const type = status < 400 ? "application/json" : "application/problem+json";
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const told = new Headers({ ...common, "content-type": type, ...headers });
    return faultOf({ status, headers: told, text, isHead: false }, operation);
  };
  const problem = {
    type: "urn:instep:problem:not_found",
    title: "Not found",
    status: 404,
    detail: "Not found.",
    code: "not_found",
  };

  const invalidBody = {
    type: "urn:instep:problem:invalid_body",
    title: "The request's body is not valid",
    status: 400,
    detail: "n is missing.",
    code: "invalid_body",
  };

  it("finds nothing wrong with what the document says, and with a problem of a known code", () => {
    expect([judge(200, { n: 1 }), judge(404, problem), judge(304, "")]).toEqual([null, null, null]);
    expect([
      judge(400, { ...invalidBody, field: "n" }),
      judge(400, { ...invalidBody, detail: "The body is empty." }),
    ]).toEqual([null, null]);
  });

  it.each([
    ["an error of the server", 500, problem, {}],
    ["a status that is not documented", 201, { n: 1 }, {}],
    ["a value out of its range", 200, { n: 0 }, {}],
    ["a member that is missing", 200, {}, {}],
    ["a member that nobody documented", 200, { n: 1, secret: 1 }, {}],
    ["no JSON", 200, "<html>", { "content-type": "text/html" }],
    ["an error that is no problem", 404, problem, { "content-type": "application/json" }],
    ["a code that nobody knows", 404, { ...problem, code: "oops" }, {}],
    ["another status than the code's", 400, { ...problem, status: 400 }, {}],
    ["a stack", 404, { ...problem, detail: "x\n at y.ts:1" }, {}],
    ["too much without when to come back", 429, { ...problem, status: 429, code: "too_many_requests" }, {}],
    ["a body's fault without its field", 400, invalidBody, {}],
    ["an answer that may be kept", 200, { n: 1 }, { "cache-control": "" }],
    ["a body of 304", 304, { n: 1 }, {}],
  ])("finds %s", (...[, status, body, headers]) => {
    expect(judge(status, body, headers)).not.toBeNull();
  });
});
