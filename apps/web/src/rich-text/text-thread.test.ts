/** Work in a thread that may hang, break or never come: every job settles, one after the other, and the others go on [SAFE-2]. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { testEnvironment } from "../../test/test-environment.ts";
import type { TextOutcome } from "./rich-text.ts";
import type { TextAnswer, TextJob, TextRequest } from "./text-job.ts";
import { IDLE_MS, LOAD_MS, type StartThread, textThread, WORK_MS } from "./text-thread.ts";

const RESULT = Uint32Array.of(1, 0);
const job = (source: string): TextJob => ({ kind: "code", source, language: "ts" });

type Behaviour = "done" | "never loads" | "never ends" | "unloaded" | "breaks" | "cannot start" | "answers late";

function scripted(behaviours: Behaviour[]) {
  const environment = testEnvironment();
  const seen = { starts: 0, living: 0, atOnce: 0, most: 0, posted: [] as string[] };
  const start: StartThread = ({ onAnswer, onError }) => {
    if (behaviours[0] === "cannot start") {
      behaviours.shift();
      throw new Error("no workers here");
    }
    seen.starts++;
    seen.living++;
    const answer = (message: TextAnswer) => void environment.after(10, () => onAnswer(message));
    return {
      post: ({ id, job: { source } }: TextRequest) => {
        seen.posted.push(source);
        const behaviour = behaviours.shift() ?? "done";
        if (behaviour === "unloaded") answer({ id, state: "unloaded" });
        if (behaviour === "breaks") environment.after(10, onError);
        if (behaviour === "answers late") {
          answer({ id, state: "begun" });
          environment.after(WORK_MS + 5000, () => onAnswer({ id, state: "done", result: RESULT }));
        }
        if (behaviour === "done" || behaviour === "never ends") answer({ id, state: "begun" });
        if (behaviour === "done") answer({ id, state: "done", result: RESULT });
      },
      end: () => void seen.living--,
    };
  };
  return { environment, seen, run: textThread({ start, after: environment.after }) };
}

const KIND: Readonly<Record<Behaviour, TextOutcome["kind"]>> = {
  done: "done",
  "never loads": "unreachable",
  "never ends": "too-long",
  unloaded: "unreachable",
  breaks: "unreachable",
  "cannot start": "unreachable",
  "answers late": "too-long",
};

async function settled(run: () => void, steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) {
    run();
    await Promise.resolve();
    await Promise.resolve();
  }
}

test("[SAFE-2] whatever the thread does, each job has the outcome of its own, in bounded time, and no thread is left over", async () => {
  const behaviour = fc.constantFrom<Behaviour>(
    "done",
    "never loads",
    "never ends",
    "unloaded",
    "breaks",
    "answers late",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(behaviour, { minLength: 1, maxLength: 8 }), async (behaviours) => {
      const { environment, seen, run } = scripted([...behaviours]);
      const outcomes: (TextOutcome | undefined)[] = behaviours.map(() => undefined);
      behaviours.forEach((_, index) => {
        void run(job(String(index))).then((outcome) => (outcomes[index] = outcome));
      });
      await settled(() => environment.advance(500), (behaviours.length * (LOAD_MS + WORK_MS)) / 500 + 2);
      expect(outcomes.map((outcome) => outcome?.kind)).toEqual(behaviours.map((kind) => KIND[kind]));
      expect(seen.posted).toEqual(behaviours.map((_, index) => String(index)));
      environment.advance(IDLE_MS);
      expect(seen.living).toBe(0);
    }),
    { numRuns: 60 },
  );
});

test("[SAFE-2] a text has five seconds, loading does not count, and the next one has a new thread and its own five", async () => {
  const { environment, seen, run } = scripted(["never ends", "done"]);
  const outcomes: string[] = [];
  void run(job("slow")).then(({ kind }) => outcomes.push(kind));
  void run(job("next")).then(({ kind }) => outcomes.push(kind));
  environment.advance(10);
  environment.advance(WORK_MS - 1);
  await Promise.resolve();
  expect(outcomes).toEqual([]);
  expect(seen.starts).toBe(1);
  await settled(() => environment.advance(1), 4);
  expect(outcomes).toEqual(["too-long"]);
  expect(seen).toMatchObject({ starts: 2, living: 1 });
  await settled(() => environment.advance(10), 4);
  expect(outcomes).toEqual(["too-long", "done"]);
});

test("without workers a job is unreachable, and the next one tries again", async () => {
  const { environment, run } = scripted(["cannot start", "done"]);
  expect(await run(job("a"))).toEqual({ kind: "unreachable" });
  const second = run(job("b"));
  environment.advance(10);
  expect(await second).toEqual({ kind: "done", result: RESULT });
});

test("a thread without work is given back after a minute, and another is begun when there is work again", async () => {
  const { environment, seen, run } = scripted([]);
  const first = run(job("a"));
  environment.advance(10);
  await first;
  environment.advance(IDLE_MS - 1);
  expect(seen.living).toBe(1);
  const second = run(job("b"));
  environment.advance(10);
  await second;
  expect(seen.starts).toBe(1);
  environment.advance(IDLE_MS);
  expect(seen.living).toBe(0);
  const third = run(job("c"));
  environment.advance(10);
  await third;
  expect(seen).toMatchObject({ starts: 2, living: 1 });
});
