/** [SYNC-11] Every answer and event says as of when it is true, whatever is written, read and asked again in whatever order. */
import { randomUUID } from "node:crypto";
import { expandRow, type CompleteRow, type SyncResponse } from "@instep/protocol";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, since, type Client } from "./client.ts";
import { DATED_CALLS, stopReplies } from "./dated-calls.ts";
import type { Caller, Said, Word } from "./dated-words.ts";
import { startOpenAiFake, type OpenAiFake } from "./openai-fake.ts";
import type { FakeBehaviour } from "./openai-fake-answers.ts";
import { startApp, type StartedApp } from "./start-app.ts";

let fake: OpenAiFake;
let app: StartedApp;
let client: Client;

beforeAll(async () => {
  fake = await startOpenAiFake();
  const env = { OPENAI_BASE_URL: fake.baseUrl, OPENAI_API_KEY: "key-12345678", MODELS: "a,b", TITLES: "words" };
  app = await startApp({ env });
  client = createClient(app.url);
});

afterAll(async () => {
  await app.stop();
  await fake.close();
});

const MODES: Readonly<Record<string, FakeBehaviour>> = {
  answer: { kind: "answer" },
  fail: { kind: "status", status: 401 },
  hang: { kind: "silent", words: 2 },
};

const step = fc.record({
  call: fc.constantFrom(...Object.keys(DATED_CALLS)),
  which: fc.nat({ max: 2 }),
  n: fc.nat({ max: 60 }),
  mode: fc.constantFrom("answer", "answer", "fail", "hang"),
});

interface State extends CompleteRow {
  readonly seqs: readonly number[];
}

/** How all stands with some conversations, at one time. */
interface Moment {
  readonly serverTime: string;
  readonly states: ReadonlyMap<string, State>;
}

function newCaller(mode: { current: string }): Caller {
  return { client, replies: new Map(), running: new Set(), hang: () => mode.current === "hang" };
}

async function momentOf(ids: readonly string[]): Promise<Moment> {
  const answer = await client.sync("full=true&limit=5000");
  const states = new Map<string, State>();
  for (const row of answer.conversations.filter(({ id }) => ids.includes(id))) {
    const { messages } = await client.open(row.id);
    states.set(row.id, { ...expandRow(row, "a"), seqs: messages.map(({ seq }) => seq) });
  }
  return { serverTime: answer.server_time, states };
}

/** What was said, as far as it was, is how it stood then. */
function expectTrue(word: Word, state: State | undefined): void {
  const stood: Said = state ?? "deleted";
  const said = word.said === "deleted" || stood === "deleted" ? word.said : { ...stood, ...word.said };
  expect({ ...word, said }, "what was said").toEqual({ ...word, said: stood });
}

/** [SYNC-10] for one answer: with what changed since, it comes to how it stands now. */
async function expectToCatchUp(word: Word, now: Moment): Promise<void> {
  const { server_time = "", epoch = "" } = word.asOf;
  const increment = await client.sync(since({ server_time, epoch } as SyncResponse));
  expect(increment.is_full_sync, "a clock of this history").toBe(false);
  const isNewer = increment.deleted_ids.includes(word.id) || increment.conversations.some(({ id }) => id === word.id);
  if (!isNewer) expectTrue(word, now.states.get(word.id));
}

describe("every answer", () => {
  it("[SYNC-11] that carries a summary, messages or a reply's events is among those that are tried here", async () => {
    const { body } = await client.call<{ paths: Record<string, Record<string, { responses: object }>> }>(
      "/api/openapi.json",
    );
    const telling = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { responses }]) => {
        const { default: _, ...good } = responses as Record<string, unknown>;
        const isTelling = /"(?:message_count|messages|server_time)":|text\/event-stream/.test(JSON.stringify(good));
        return isTelling ? [`${method.toUpperCase()} ${path}`] : [];
      }),
    );
    // Its events are counts; what came in is told by the next sync.
    const counting = "POST /api/import";
    expect(telling.toSorted()).toEqual([...Object.keys(DATED_CALLS), counting].toSorted());
  });

  it.each(Object.keys(DATED_CALLS))("[SYNC-11] of %s says as of when", async (call) => {
    const caller = newCaller({ current: "answer" });
    fake.behave({ kind: "answer" });
    const { id } = await client.create("Some words");
    for (const prepared of ["POST /api/conversations/{id}/chat/stream", "POST /api/conversations/{id}/chat/batch"]) {
      await DATED_CALLS[prepared]?.(caller, id, 0);
    }
    const { messages } = await client.open(id);
    await client.batch(id, { more: { replace_from_seq: messages.at(-1)?.seq } });
    const words = (await DATED_CALLS[call]?.(caller, id, 1)) ?? [];
    if (!call.includes("trash")) expect(words).not.toEqual([]);
    const { epoch } = await client.sync();
    for (const word of words) {
      expect(word.asOf).toEqual({ server_time: expect.stringMatching(/^\d{4}-.*\.\d{6}Z$/) as string, epoch });
    }
  });

  it("[SYNC-11] is as things stood at its time, exactly; with what changed since, as they stand", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 18 }), async (steps) => {
        const mode = { current: "answer" };
        const caller = newCaller(mode);
        const ids: readonly string[] = [randomUUID(), randomUUID(), randomUUID()];
        for (const id of ids) await client.call("/api/conversations", { body: { id } });
        const moments = [await momentOf(ids)];
        const words: Word[] = [];
        for (const { call, which, n, mode: next } of steps) {
          mode.current = next;
          // A batch would wait for a reply that never ends.
          fake.behave(MODES[call.includes("/batch") && next === "hang" ? "answer" : next] ?? { kind: "answer" });
          const said = (await DATED_CALLS[call]?.(caller, ids[which] ?? "", n)) ?? [];
          const now = await momentOf(ids);
          moments.push(now);
          for (const word of said.filter(({ id }) => ids.includes(id))) {
            words.push(word);
            expectOnTime(word, moments);
            await expectToCatchUp(word, now);
          }
        }
        for (const id of ids) await stopReplies(caller, id);
        const last = await momentOf(ids);
        for (const word of words) await expectToCatchUp(word, last);
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it("[SYNC-11] of two about a conversation the later is at least as new, whoever asked for them at once", async () => {
    const together = fc.array(step, { minLength: 2, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(together, { minLength: 2, maxLength: 6 }), async (rounds) => {
        fake.behave({ kind: "answer" });
        const caller = newCaller({ current: "answer" });
        const ids: readonly string[] = [randomUUID(), randomUUID()];
        for (const id of ids) await client.call("/api/conversations", { body: { id } });
        const words: Word[] = [];
        for (const round of rounds) {
          const said = round.map(async ({ call, which, n }) => DATED_CALLS[call]?.(caller, ids[which % 2] ?? "", n));
          const all = (await Promise.all(said)).flatMap((some) => some ?? []);
          words.push(...all.filter(({ id }) => ids.includes(id)));
        }
        const last = await momentOf(ids);
        for (const word of words) await expectToCatchUp(word, last);
        expectInOrder(words);
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});

/**
 * Each word says a time at which a step had ended, and what stood then; but for the start of a turn that ended in its own step, which
 * lies in between.
 */
function expectOnTime(word: Word, moments: readonly Moment[]): void {
  const at = moments.findLast(({ serverTime }) => serverTime === word.asOf.server_time);
  const isStart = word.said !== "deleted" && Object.keys(word.said).join() === "message_count";
  if (at) expectTrue(word, at.states.get(word.id));
  else expect({ isStart, ...word }).toMatchObject({ isStart: true });
}

/** Counters only grow, and what is said as of one time is the same. */
function expectInOrder(words: readonly Word[]): void {
  const known = words.flatMap(({ said, ...word }) => (said === "deleted" ? [] : [{ ...word, said }]));
  const byTime = known.toSorted((a, b) => ((a.asOf.server_time ?? "") < (b.asOf.server_time ?? "") ? -1 : 1));
  for (const [index, later] of byTime.entries()) {
    for (const earlier of byTime.slice(0, index).filter(({ id }) => id === later.id)) {
      const [before, after] = [earlier.said, later.said];
      if (before.last_seq !== undefined && after.last_seq !== undefined) {
        expect({ earlier, later, isInOrder: before.last_seq <= after.last_seq }).toMatchObject({ isInOrder: true });
      }
      if (earlier.asOf.server_time !== later.asOf.server_time) continue;
      expect({ earlier, later, said: { ...before, ...after } }).toMatchObject({ said: before });
    }
  }
}
