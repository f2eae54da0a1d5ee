/** A question whose answer is being compressed while its session ends. */
import { pbkdf2 } from "node:crypto";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { signIn, signUp, startForPeople, type Someone } from "./people.ts";
import type { StartedApp } from "./start-app.ts";

/** As many as do zlib's work, and everybody else's. */
const THREADS = 4;
const ROUNDS = 1_500_000;

let app: StartedApp;
let ann: Someone;

beforeEach(async () => {
  app = await startForPeople();
  ann = await signUp(app.url, "ann");
});

afterEach(() => app.stop());

it.each([
  ["what is new", "/api/conversations/sync?wait=20"],
  ["a list", "/api/conversations?limit=100"],
])(
  "[SIGN-3] a question for %s whose session ends while its answer is compressed is told so in plain words, and the program goes on",
  async (_what, path) => {
    for (let count = 0; count < 40; count++) await ann.create(`Conversation ${count}`);
    const phone = await signIn(app.url, "ann");
    const busy = Promise.all(
      Array.from({ length: THREADS }, () => promisify(pbkdf2)("busy", "salt", ROUNDS, 32, "sha256")),
    );
    const answer = phone.call(path, { headers: { "accept-encoding": "gzip, br" } });
    const told = expect(answer).resolves.toMatchObject({ status: 401, body: { code: "unauthorized" } });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await ann.call("/api/sessions?others=true", { method: "DELETE" })).status).toBe(200);
    await told;
    await busy;
    // What was compressed meanwhile is there now.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await ann.call("/api/me")).status).toBe(200);
  },
);
