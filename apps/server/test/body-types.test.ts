/** What a body may be called: nothing means `{}` under every type, an import takes its file under any, all else is JSON. */
import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, type Client } from "./client.ts";
import { startApp, type StartedApp } from "./start-app.ts";

let app: StartedApp;
let client: Client;

beforeAll(async () => {
  app = await startApp();
  client = createClient(app.url);
});

afterAll(() => app.stop());

const TYPES = [
  "text/plain",
  "zip",
  "",
  "a b/c",
  "application/json",
  "multipart/form-data; boundary=x",
  "multipart/a b",
];
/** As they stand behind a request's headers. */
const CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";
const NOTHING = ["\r\n", "Content-Length: 0\r\n\r\n", "Content-Length: 00\r\n\r\n", `${CHUNKED}0\r\n\r\n`];
const SOMETHING = ["Content-Length: 1\r\n\r\nx", `${CHUNKED}1\r\nx\r\n0\r\n\r\n`];

describe("a body that is empty", () => {
  it.each(NOTHING)("means {}, whatever its type is, where it is sent as %j", async (body) => {
    for (const type of TYPES) {
      const { id } = await client.create();
      const answers = [
        await send(`DELETE /api/conversations/${id}`, type, body),
        await send(`POST /api/conversations/${id}/restore`, type, body),
        await send("POST /api/conversations/actions", type, body),
      ];
      // The last one needs a body, and misses what should be in it.
      expect([type, answers.map(statusOf)]).toEqual([type, [200, 200, 400]]);
    }
  });
});

describe("a body of something", () => {
  it.each(SOMETHING)("is taken as JSON alone: %j", async (body) => {
    for (const type of TYPES) {
      const { id } = await client.create();
      const answers = [
        await send(`DELETE /api/conversations/${id}`, type, body),
        await send(`POST /api/conversations/${id}/restore`, type, body),
      ];
      const status = type === "application/json" ? 400 : 415;
      expect([type, answers.map(statusOf)]).toEqual([type, [status, status]]);
      await send(`DELETE /api/conversations/${id}`, type, body);
      expect((await client.call(`/api/conversations/${id}`)).status).toBe(200);
    }
  });

  it.each([...NOTHING, ...SOMETHING])("is no matter where the address isn't there: %j", async (body) => {
    for (const type of TYPES) expect(statusOf(await send("POST /api/nowhere", type, body))).toBe(404);
  });

  it("[IMPORT-1] is an import's file whatever its type, but for a form", async () => {
    const message = { role: "user", content: "Hello", created_at: "2026-01-01T00:00:00.000000Z" };
    for (const type of [...TYPES, "Multipart/Form-Data; boundary=x"]) {
      const id = randomUUID();
      const one = { id, title: "One", ...message, messages: [{ id: randomUUID(), ...message }] };
      const text = JSON.stringify({ instep_export: 1, conversations: [one] });
      const answer = await send("POST /api/import", type, `Content-Length: ${text.length}\r\n\r\n${text}`);
      const isForm = /^multipart/i.test(type);
      expect([type, statusOf(answer)]).toEqual([type, isForm ? 415 : 200]);
      expect(answer).toContain(isForm ? "Send the file itself as the body." : '"added":1');
    }
  });
});

function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
}

/** Sends a request as it is written here, and reads its answer to the end. */
function send(line: string, type: string, rest: string): Promise<string> {
  const { hostname, port, host } = new URL(app.url);
  const head = `${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Type: ${type}\r\n`;
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(`${head}${rest}`));
    let answer = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk) => (answer += String(chunk)));
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}
