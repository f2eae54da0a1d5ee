/** What a model thinks is journalled, kept and told apart from its reply, whoever looks and whoever ends it. */
import { NOTHING_SAID, withToken, type Said, type TurnEvent } from "@instep/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ReplyWriter } from "../src/engine.ts";
import { must, openWorld } from "./turn-world.ts";

type Step = { readonly kind: "write" | "think"; readonly text: string } | { readonly kind: "takeBack" | "wait" };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom("write", "think"), text: fc.string({ minLength: 1 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("takeBack", "wait") }) },
  ),
);

function apply(said: Said, step: Step): Said {
  if (step.kind === "write") return { ...said, text: said.text + step.text };
  if (step.kind === "think") return { ...said, thoughts: said.thoughts + step.text };
  return step.kind === "takeBack" ? { text: "", thoughts: said.thoughts + said.text } : said;
}

function write(writer: ReplyWriter, step: Step): void {
  if (step.kind === "write") writer.write(step.text);
  if (step.kind === "think") writer.think(step.text);
  if (step.kind === "takeBack") writer.takeBackText();
}

function saidIn(events: readonly TurnEvent[]): Said {
  return events.reduce((said, event) => (event.event === "token" ? withToken(said, event.data) : said), NOTHING_SAID);
}

test("[MODEL-5] thoughts and text are the same for who watches, who comes later, who opens, and in what is kept", async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.boolean(), async (taken, isStopped) => {
      const world = await openWorld();
      const turn = await world.begin("Hello");
      const writer = world.writer(turn);
      const watching = world.events(turn.replyId, 0);
      const elsewhere = world.events(turn.replyId, 0, world.anotherProcess());
      for (const step of taken) {
        write(writer, step);
        if (step.kind === "wait") await world.environment.advance(300);
      }
      const { text, thoughts } = taken.reduce(apply, NOTHING_SAID);
      const active = must(await world.engine.open(world.accountId, world.conversationId, 10)).active_reply;
      expect([active?.text, active?.thoughts ?? ""]).toEqual([text, thoughts]);
      await (isStopped ? world.stop(turn.replyId) : writer.end({ kind: "complete" }));
      await world.environment.advance(2_000);
      const kept = must(await world.engine.open(world.accountId, world.conversationId, 10)).messages.at(-1);
      expect([kept?.content, kept?.thoughts ?? ""]).toEqual([text, thoughts]);
      for (const events of [await watching, await elsewhere, await world.events(turn.replyId, 0)]) {
        expect(saidIn(events)).toEqual({ text, thoughts });
        const end = events.at(-1);
        expect(end?.event === "done" && end.data.message).toEqual(kept);
      }
      await world.close();
    }),
    { numRuns: 30 },
  );
});

test("[MODEL-5, MODEL-7] thoughts and cost stay with a reply that was replaced, come back with it, and thoughts are found by no search", async () => {
  const world = await openWorld();
  const turn = await world.begin("Hello");
  const writer = world.writer(turn);
  writer.think("pondering deeply");
  writer.write("Yes");
  const usage = { prompt_tokens: 3, completion_tokens: 4 };
  await writer.end({ kind: "complete", usage });
  const kept = must(await world.engine.open(world.accountId, world.conversationId, 10)).messages.at(-1);
  expect(kept).toMatchObject({ content: "Yes", thoughts: "pondering deeply", usage });
  const again = await world.begin(null, { replaceFromSeq: kept?.seq ?? 0 });
  await world.writer(again).end({ kind: "failed", error: { code: "model_failed", detail: "No." }, retryable: true });
  const back = must(await world.engine.open(world.accountId, world.conversationId, 10)).messages.at(-1);
  expect(back).toMatchObject({ content: "Yes", thoughts: "pondering deeply", usage });
  const found = await world.engine.search(world.accountId, { query: "pondering", limit: 10, cursor: null });
  expect(must(found).results).toEqual([]);
  await world.close();
});

test("[TURN-8] [MSG-5] what a model had thought before its first word goes to the trash with its conversation, and is back with it", async () => {
  const world = await openWorld();
  const turn = await world.begin("Hello");
  const events = world.events(turn.replyId);
  world.writer(turn).think("pondering deeply");
  await world.environment.advance(1000);
  await world.engine.trash(world.accountId, world.conversationId);
  const kept = { id: turn.replyId, content: "", thoughts: "pondering deeply", status: "stopped", seq: 2 };
  expect((await events).at(-1)).toMatchObject({ data: { code: "conversation_deleted", message: kept } });
  await world.engine.restore(world.accountId, world.conversationId);
  const detail = must(await world.engine.open(world.accountId, world.conversationId, 10));
  expect(detail.messages.at(-1)).toMatchObject(kept);
  expect(detail).toMatchObject({ message_count: 2, last_seq: 2, active_reply: null });
  await world.check();
});
