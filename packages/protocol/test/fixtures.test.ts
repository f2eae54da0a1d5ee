import { Value } from "typebox/value";
import { describe, expect, test } from "vitest";
import { PROBLEMS } from "../src/problem.ts";
import { readFixtures, wireSchemas, type Fixture } from "./fixtures.ts";

const fixtures = readFixtures();
const schemas = wireSchemas();
const eventSchemas: Record<string, string> = {
  start: "StartEvent",
  token: "TokenEvent",
  done: "DoneEvent",
  error: "ErrorEvent",
};

describe("the golden requests and answers of every released version", () => {
  test.each(fixtures)("$name is valid today", ({ request, answer }) => {
    if (request.schema) expectValid(request.schema, request.body);
    if (answer.schema) expectValid(answer.schema, answer.body);
    if (answer.members) expectValid(answer.members, answer.body);
    for (const { event, data } of answer.events ?? []) expectValid(eventSchema(answer, event), data);
    expect(answer.schema ?? answer.events, "an answer is either a body or events").toBeDefined();
  });

  test("there is one for every schema that travels on its own", () => {
    const used = new Set(
      fixtures.flatMap(({ request, answer }) => [
        request.schema,
        answer.schema,
        answer.members,
        ...(answer.events ?? []).map(({ event }) => eventSchema(answer, event)),
      ]),
    );
    const ofMessages = [
      "MessageError",
      "MessagePagination",
      "MessageRole",
      "MessageStatus",
      "MessageUsage",
      "Message",
      "MessageVersion",
    ];
    const parts = ["ActiveReply", "ConversationAction", "Preset", "Replaced", ...ofMessages];
    const alone = [...schemas.keys()].filter(
      (name) => ![...parts, "SyncRow", "TrashedConversation", "UnreadScope"].includes(name),
    );
    expect(alone.filter((name) => !used.has(name))).toEqual([]);
  });

  const dated = fixtures.filter(
    ({ version, answer }) => version !== "1.0" && (answer.schema ?? answer.events) !== undefined,
  );
  test.each(dated)("[SYNC-11] $name says as of when it is true, wherever it may", ({ answer }) => {
    const bodies = [
      { schema: answer.schema, body: answer.body },
      { schema: answer.members, body: answer.body },
      ...(answer.events ?? []).map(({ event, data }) => ({ schema: eventSchema(answer, event), body: data })),
    ];
    const isDated = (name = "") => JSON.stringify(schemas.get(name) ?? null).includes('"server_time"');
    const said = bodies.filter(({ schema }) => isDated(schema)).map(({ body }) => body);
    for (const body of said) {
      expect(body).toMatchObject({ server_time: expect.any(String) as string, epoch: expect.any(String) as string });
    }
  });

  test.each(fixtures.filter(({ answer }) => answer.events))(
    "$name numbers its events by one and ends with the only `done` or `error`",
    ({ answer }) => {
      const events = answer.events ?? [];
      const first = events[0]?.id ?? 0;
      expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => first + index));
      const endings = events.filter(({ event }) => event === "done" || event === "error");
      expect(endings).toEqual([events.at(-1)]);
    },
  );

  test.each(fixtures.filter(({ answer }) => answer.schema === "Problem"))(
    "$name carries a code that is listed, with its status and title",
    ({ answer }) => {
      const { code, status, title } = answer.body as { code: keyof typeof PROBLEMS; status: number; title: string };
      expect(PROBLEMS[code]).toEqual({ status, title });
      expect(answer.status).toBe(status);
    },
  );

  test("a message without its seq, a row without its count and an unknown status are not valid", () => {
    expect(
      Value.Check(schemas.get("SyncRow")!, { id: "0", title: "", updated_at: "2026-01-01T12:00:00.000000Z" }),
    ).toBe(false);
    const message = fixtures.find(({ name }) => name.endsWith("/chat-batch.json"))?.answer.body as { message: object };
    expect(Value.Check(schemas.get("Message")!, message.message)).toBe(true);
    expect(Value.Check(schemas.get("Message")!, { ...message.message, seq: undefined })).toBe(false);
    expect(Value.Check(schemas.get("Message")!, { ...message.message, status: "finished" })).toBe(false);
  });

  test("a field that is not known is ignored", () => {
    const idle = fixtures.find(({ name }) => name.endsWith("/sync-idle.json"))?.answer.body as object;
    expect(Value.Check(schemas.get("SyncResponse")!, { ...idle, something_newer: 1 })).toBe(true);
  });
});

function eventSchema({ event_schemas: own }: Fixture["answer"], event: string): string | undefined {
  return own?.[event] ?? eventSchemas[event];
}

function expectValid(schemaName: string | undefined, value: unknown): void {
  const schema = schemas.get(schemaName ?? "");
  expect(schema, `a schema named ${schemaName}`).toBeDefined();
  if (schema) expect([...Value.Errors(schema, value)]).toEqual([]);
}
