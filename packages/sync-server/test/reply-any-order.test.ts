/** Whatever happens in whatever order: every viewer gets a sequence without gap or repeat that ends once. */
import type { TurnEvent } from "@instep/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isRefusal } from "../src/refusal.ts";
import { collect, must, openWorld, type Turns } from "./turn-world.ts";

type Step =
  | { readonly kind: "write"; readonly text: string }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "watch" | "stop"; readonly isOwner: boolean; readonly after: number }
  | { readonly kind: "fail" | "lose" | "recover" | "complete" | "trash" };

interface Viewer {
  readonly isOwner: boolean;
  readonly after: number;
  /** Null where it came after the deletion, and was refused [TURN-8]. */
  readonly events: Promise<TurnEvent[] | null>;
}

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("write"), text: fc.constantFrom("a", "bc ", "\n", "é", "") }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("wait"), ms: fc.integer({ min: 0, max: 700 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant("watch"), isOwner: fc.boolean(), after: fc.integer({ min: 0, max: 9 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("stop"), isOwner: fc.boolean(), after: fc.constant(0) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("fail", "lose", "recover") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("complete", "trash") }) },
);

async function play(steps: readonly Step[]): Promise<void> {
  const world = await openWorld();
  const owner = world.mortalProcess();
  const turn = must(await world.tryBegin("Hello", {}, owner.replies));
  const writer = world.writer(turn, owner.replies);
  const viewers: Viewer[] = [];
  const ends: Promise<PromiseSettledResult<unknown>[]>[] = [];
  let isDeleted = false;

  const watch = (after: number, isOwner: boolean) => {
    const at: Turns = isOwner ? owner.replies : world.engine;
    const view = world.view(turn.replyId, after, at);
    const events = view.then((seen) => (isRefusal(seen) && isDeleted ? null : collect(must(seen))));
    viewers.push({ isOwner, after, events });
  };
  const act = async (step: Step): Promise<void> => {
    const at = "isOwner" in step && step.isOwner ? owner.replies : world.engine;
    switch (step.kind) {
      case "write":
        return writer.write(step.text);
      case "wait":
        return world.environment.advance(step.ms);
      case "watch":
        return watch(step.after, step.isOwner);
      case "stop":
        return void ends.push(Promise.allSettled([world.stop(turn.replyId, at)]));
      case "complete":
        return void ends.push(Promise.allSettled([writer.end({ kind: "complete" })]));
      case "trash":
        isDeleted ||= "status" in (await world.engine.trash(world.accountId, world.conversationId));
        return undefined;
      case "fail":
      case "lose":
      case "recover":
        owner.failing = () => step.kind === "fail";
        owner.losing = () => step.kind === "lose";
        return undefined;
    }
  };

  watch(0, false);
  watch(0, true);
  for (const each of steps) await act(each);
  owner.failing = () => false;
  owner.losing = () => false;
  ends.push(Promise.allSettled([writer.end({ kind: "complete" })]));
  await world.environment.advance(5000);
  expectNoFault((await Promise.all(ends)).flat());
  watch(0, false);
  await world.environment.advance(1000);
  const all = await Promise.all(viewers.map(async (viewer) => ({ ...viewer, events: await viewer.events })));
  const seen = all.flatMap(({ events, ...viewer }) => (events === null ? [] : [{ ...viewer, events }]));
  for (const { after, events } of seen) expectWhole(after, events);
  // A stop that couldn't wait for an owner without its database keeps what was durable; the owner's viewers had seen more.
  const isCutOff = steps.some(({ kind }) => kind === "fail" || kind === "lose");
  const alike = isCutOff ? seen.filter((viewer) => !viewer.isOwner) : seen;
  if (!isDeleted) expectSame(alike.map((viewer) => viewer.events));
  await owner.replies.close();
  await world.check();
  await world.close();
}

/** A stop may be refused for want of a database; nothing else may fail. */
function expectNoFault(outcomes: readonly PromiseSettledResult<unknown>[]): void {
  const reasons = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [String(outcome.reason)] : []));
  expect(reasons.filter((reason) => !/database is away|answer was lost/.test(reason))).toEqual([]);
}

/** Numbers follow each other from the one after `after`, and the last event, and only that, is an end. */
function expectWhole(after: number, events: readonly TurnEvent[]): void {
  const last = events.at(-1)?.id ?? 0;
  const first = Math.min(after + 1, last);
  expect(events.map((event) => event.id)).toEqual(Array.from({ length: last - first + 1 }, (_, n) => first + n));
  const ends = events.filter((event) => event.event === "done" || event.event === "error");
  expect(ends).toEqual(events.slice(-1));
}

/** Viewers that saw an event of one number saw the same event, and the tokens add up to the stored text. */
function expectSame(sequences: readonly (readonly TurnEvent[])[]): void {
  const [whole = []] = sequences;
  for (const events of sequences) expect(events).toEqual(whole.slice(whole.length - events.length));
  const text = whole.map((event) => (event.event === "token" ? event.data.text : "")).join("");
  const end = whole.at(-1);
  expect(end?.event === "done" ? end.data.message.content : null).toBe(text);
}

test("[TURN-4] any order of writes, flushes, viewers, stops, deletions and ends gives each viewer a whole sequence", async () => {
  const steps = fc.array(step, { minLength: 1, maxLength: 40 });
  const numRuns = Number(process.env["REPLY_RUNS"] ?? 60);
  await fc.assert(fc.asyncProperty(steps, play), { numRuns });
}, 600_000);
