/** Whatever is wrong with a request, the refusal names it: over every call that the OpenAPI document has. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operationsOf, type OpenApiDocument, type Operation, type Schema } from "./openapi-fuzz/operations.ts";
import { signUp, startForPeople, type Someone } from "./people.ts";
import type { StartedApp } from "./start-app.ts";

let app: StartedApp;
let ann: Someone;
let operations: readonly Operation[];
/** A conversation with a message. */
let standing: string;

beforeAll(async () => {
  app = await startForPeople({ env: { CALLS_PER_MINUTE: "1000000", PUBLIC_URL: "http://localhost" } });
  ann = await signUp(app.url, "ann");
  operations = operationsOf((await ann.call<OpenApiDocument>("/api/openapi.json")).body);
  standing = (await ann.create()).id;
  await ann.batch(standing, { message: "Hello" });
});

afterAll(() => app.stop());

const withBody = () => operations.filter((one) => one.body?.properties !== undefined);
const pathOf = (path: string) =>
  path
    .replace("{id}", standing)
    .replace("{seq}", "1")
    .replaceAll(/\{\w+\}/g, randomUUID());
const refused = async ({ method, path }: Operation, body: unknown) => {
  const answer = await ann.call(pathOf(path), { method, body });
  return { ...answer.body } as Readonly<Record<string, unknown>>;
};

/** A body of the right shape; what it says is nothing. */
function sampleOf(schema: Schema): unknown {
  if (schema.enum !== undefined) return schema.enum[0];
  const [first] = schema.anyOf ?? [];
  if (first !== undefined) return sampleOf(first);
  if (schema.type === "object") return sampleMembers(schema);
  if (schema.type === "array") return [];
  if (schema.type === "integer") return schema.minimum ?? 0;
  if (schema.type === "boolean") return true;
  return schema.pattern === undefined ? "x".repeat(Math.max(1, schema.minLength ?? 1)) : randomUUID();
}

function sampleMembers({ properties = {}, required = [] }: Schema): Record<string, unknown> {
  return Object.fromEntries(required.map((name) => [name, sampleOf(properties[name] ?? {})]));
}

describe("a body's fault", { timeout: 60_000 }, () => {
  it("is named by its field where a member is missing", async () => {
    let asked = 0;
    for (const operation of withBody()) {
      for (const name of operation.body?.required ?? []) {
        const { [name]: _left, ...body } = sampleMembers(operation.body ?? {});
        const told = await refused(operation, body);
        expect([operation.path, told]).toMatchObject([
          operation.path,
          { status: 400, code: "invalid_body", field: name, detail: `${name} is missing.` },
        ]);
        asked += 1;
      }
    }
    expect(asked).toBeGreaterThan(20);
  });

  it("is named by its field where a member is of another kind", async () => {
    for (const operation of withBody()) {
      for (const name of Object.keys(operation.body?.properties ?? {})) {
        const told = await refused(operation, { ...sampleMembers(operation.body ?? {}), [name]: [[]] });
        expect([operation.path, told["status"], told["code"]]).toEqual([operation.path, 400, "invalid_body"]);
        expect([operation.path, told["field"]]).toEqual([operation.path, expect.stringMatching(`^${name}(\\.|$)`)]);
        expect(told["detail"]).toMatch(new RegExp(`^${name}[ .]`));
      }
    }
  });

  it("says what may stand there where that is a choice", async () => {
    const choices = withBody().flatMap((operation) =>
      Object.entries(operation.body?.properties ?? {}).flatMap(([name, { anyOf, ...schema }]) => {
        const among = anyOf ?? [schema];
        const allowed = among.flatMap((one) => (one.enum ?? []).map(String));
        return allowed.length === 0 ? [] : [{ operation, name, allowed }];
      }),
    );
    expect(choices.length).toBeGreaterThan(0);
    for (const { operation, name, allowed } of choices) {
      const told = await refused(operation, { ...sampleMembers(operation.body ?? {}), [name]: "another" });
      expect(told).toMatchObject({ status: 400, field: name });
      for (const value of allowed) expect(told["detail"]).toContain(value);
    }
  });

  it.each([
    [`{"client_message_id":"a"}`, "message", "message is needed, unless replace_from_seq names a reply to ask again."],
    [`{"client_message_id":"b","message":" "}`, "message", "message is empty."],
    [`{"client_message_id":"c","replace_from_seq":1}`, "replace_from_seq", /the new text is missing/],
    [`{"client_message_id":"d","replace_from_seq":2,"message":"x"}`, "replace_from_seq", /without a message/],
  ])("is named where a send of %s can't be one", async (body, field, detail) => {
    const told = await ann.call(`/api/conversations/${standing}/chat/batch`, { body });
    expect(told).toMatchObject({ status: 400, body: { code: "invalid_body", field } });
    expect(told.body.detail).toMatch(detail);
  });

  it("says what a body lacks that has nothing, and what a scope may be", async () => {
    const read = await ann.call(`/api/conversations/${standing}/read`, { body: {} });
    expect(read.body.detail).toBe("The body needs at least one member.");
    const me = await ann.call("/api/me", { method: "PATCH", body: { preferences: { unread_scope: "all" } } });
    expect(me.body).toMatchObject({
      field: "preferences.unread_scope",
      detail: "preferences.unread_scope is none of device, account.",
    });
    const patch = await ann.call(`/api/conversations/${standing}`, { method: "PATCH", body: { model: 5 } });
    expect(patch.body).toMatchObject({ field: "model", detail: "model must be string or null." });
  });
});

it(
  "[SYNC-7] a page that was given by nobody is named by its parameter, whatever call it is of",
  { timeout: 60_000 },
  async () => {
    let asked = 0;
    for (const { method, path, queryNames } of operations) {
      for (const name of queryNames.filter((one) => one === "cursor" || one === "page")) {
        const query = `${queryNames.includes("q") ? "q=x&" : ""}${name}=none`;
        const told = await ann.call(`${pathOf(path)}?${query}`, { method });
        expect([path, told.status, told.body]).toMatchObject([
          path,
          400,
          { code: "invalid_parameter", parameter: name },
        ]);
        asked += 1;
      }
    }
    expect(asked).toBeGreaterThan(4);
  },
);
