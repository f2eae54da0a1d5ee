/** Turns through the real engine on SQLite and a real model endpoint: what is stored, what the model is asked, what ends. */
import type { ClientMessageId, ConversationId, Message, TurnEvent } from "@instep/protocol";
import {
  checkEverything,
  createEngine,
  isRefusal,
  systemEnvironment,
  type Engine,
  type StartedTurn,
  type Storage,
} from "@instep/sync-server";
import { openInlineSqliteStorage } from "@instep/sync-server/sqlite";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LOCAL_ACCOUNT } from "../src/accounts/accounts.ts";
import { generationEnvironment, type GenerationEnvironment } from "../src/generation/environment.ts";
import { createGeneration, type Generation, type GenerationSettings } from "../src/generation/generation.ts";
import type { ModelCatalogue } from "../src/generation/model-catalogue.ts";
import { createModels } from "../src/generation/models.ts";
import { startOpenAiFake, type OpenAiFake } from "./openai-fake.ts";
import { eventOf, FAKE_ANSWER } from "./openai-fake-answers.ts";

const accountId = LOCAL_ACCOUNT.id;
const LIMITS = { maxCharacters: 1_000_000, maxMs: 3_600_000 };
const never = new AbortController().signal;

let fake: OpenAiFake;
let folder: string;
let storage: Storage;
let engine: Engine;
let generation: Generation;
let conversationId: ConversationId;
let catalogue: ModelCatalogue;
const logged: string[] = [];
const pendingTimers = new Set<() => void>();
/** The real one, which counts the timers that neither fired nor were taken back. */
const environment: GenerationEnvironment = {
  ...generationEnvironment,
  startTimer(delayMs, callback) {
    const cancel = generationEnvironment.startTimer(delayMs, () => {
      pendingTimers.delete(cancel);
      callback();
    });
    pendingTimers.add(cancel);
    return () => {
      pendingTimers.delete(cancel);
      cancel();
    };
  },
};
const log = { info: () => undefined, warn: record, error: record };

function record(fields: object, message: string): void {
  logged.push(`${message} ${JSON.stringify(fields)}`);
}

beforeEach(async () => {
  logged.length = 0;
  fake = await startOpenAiFake();
  folder = mkdtempSync(join(tmpdir(), "instep-generation-"));
  storage = openInlineSqliteStorage({ path: join(folder, "test.sqlite"), isDurable: false });
  engine = createEngine({
    storage,
    environment: systemEnvironment,
    options: { defaultModel: "fake-model", maxRepliesPerAccount: 50 },
  });
  await engine.ensureAccount(LOCAL_ACCOUNT);
  conversationId = await newConversation();
  await generateWith({});
});
afterEach(async () => {
  expect(await storage.read((snapshot) => checkEverything(snapshot))).toEqual([]);
  catalogue.stop();
  await engine.close();
  await fake.close();
  rmSync(folder, { recursive: true, force: true });
  // Whatever became of the replies, nothing of them waits any more.
  expect(pendingTimers.size).toBe(0);
});

async function generateWith(settings: Partial<GenerationSettings>): Promise<void> {
  catalogue = await createModels(
    {
      baseUrl: fake.baseUrl,
      apiKey: null,
      models: [{ id: "fake-model", name: "Fake" }],
      firstTokenTimeoutMs: 20_000,
      silenceTimeoutMs: 20_000,
      demoTokenDelayMs: 0,
    },
    environment,
  );
  const all = { maxReplies: 100, contextTokens: null, titles: "words", limits: LIMITS, ...settings } as const;
  generation = createGeneration({ engine, catalogue, settings: all, environment, log });
}

async function newConversation(): Promise<ConversationId> {
  const created = await engine.create(accountId, {});
  if (isRefusal(created)) throw new Error(created.refused);
  return created.conversation.id as ConversationId;
}

async function begin(
  text: string,
  more: { readonly model?: string; readonly into?: ConversationId; readonly replaceFromSeq?: number } = {},
): Promise<StartedTurn> {
  const turn = await engine.beginTurn(accountId, {
    conversationId: more.into ?? conversationId,
    text,
    clientMessageId: randomUUID() as ClientMessageId,
    model: more.model ?? "fake-model",
    expectedLastSeq: null,
    replaceFromSeq: more.replaceFromSeq ?? null,
  });
  if (isRefusal(turn)) throw new Error(turn.refused);
  if (turn.kind === "joined") throw new Error("A new message joined a turn");
  return turn;
}

async function send(text: string, more: Parameters<typeof begin>[1] = {}): Promise<TurnEvent[]> {
  const turn = await begin(text, more);
  await generation.run(accountId, turn);
  return eventsOf(turn);
}

async function eventsOf(turn: StartedTurn): Promise<TurnEvent[]> {
  const events = await engine.viewReply(accountId, { ...turn, after: 0 }, never);
  if (isRefusal(events)) throw new Error(events.refused);
  const all: TurnEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

async function opened() {
  const conversation = await engine.open(accountId, conversationId, 100);
  if (isRefusal(conversation)) throw new Error(conversation.refused);
  return conversation;
}

const contents = (messages: readonly Message[]) => messages.map(({ role, content }) => `${role}: ${content}`);
const asked = (index: number) => fake.requests[index]?.body.messages?.map(({ role, content }) => `${role}: ${content}`);

describe("a turn", () => {
  test("[TURN-1, MODEL-7] is stored with the reply's words, stop reason, model and cost, and ends in done", async () => {
    const events = await send("Hello");
    expect(events[0]?.event).toBe("start");
    expect(events.at(-1)?.event).toBe("done");
    const { messages } = await opened();
    expect(contents(messages)).toEqual(["user: Hello", `assistant: ${FAKE_ANSWER}`]);
    expect(messages[1]).toMatchObject({ status: "complete", stop_reason: "stop", model: "fake-model" });
    expect(messages[1]?.usage).toEqual({ prompt_tokens: 7, completion_tokens: 13 });
    expect(generation.statistics()).toEqual({ running: 0, waiting: 0, promptTokens: 7, completionTokens: 13 });
  });

  test("asks the model with everything before it, also with a reply that failed in the middle", async () => {
    fake.next({ kind: "cut", words: 2 });
    await send("One");
    await send("Two");
    expect(asked(1)).toEqual(["user: One", "assistant: Hello from", "user: Two"]);
  });

  test("trims the oldest turns to the window, and the reply says how many messages", async () => {
    await generateWith({ contextTokens: 100 });
    await send(`First ${"word ".repeat(60)}`);
    await send("Second");
    await send("Third");
    expect(asked(2)).toEqual(["user: Second", `assistant: ${FAKE_ANSWER}`, "user: Third"]);
    expect((await opened()).messages.at(-1)?.stop_reason).toBe("context_trimmed:2");
  });

  test("shows a model the newest thousand messages, and the reply says how many more there are", async () => {
    const now = systemEnvironment.now();
    const messages = Array.from({ length: 1_200 }, (_, n) => {
      const [role, status] = [n % 2 === 0 ? "user" : "assistant", "complete"] as const;
      return { id: randomUUID(), role, content: `m${n}`, createdAt: now, status };
    });
    conversationId = randomUUID() as ConversationId;
    const imported = { id: conversationId, title: "Long", model: null, pinned: false, archived: false };
    await engine.importConversations(accountId, [{ ...imported, createdAt: now, updatedAt: now, messages }]);
    await send("And now?");
    expect([asked(0)?.length, asked(0)?.[0]]).toEqual([1_000, "assistant: m201"]);
    expect((await opened()).messages.at(-1)?.stop_reason).toBe("context_trimmed:201");
    await generateWith({ contextTokens: 1_000 });
    await send("In a small window?");
    expect((await opened()).messages.at(-1)?.stop_reason).toBe(`context_trimmed:${1_203 - (asked(1)?.length ?? 0)}`);
  });

  test("with a model that is not offered any more fails with what to do", async () => {
    const turn = await begin("Hello", { model: "gone" });
    await generation.run(accountId, turn);
    expect((await eventsOf(turn)).at(-1)).toMatchObject({
      event: "error",
      data: {
        code: "model_failed",
        detail: 'This server no longer offers the model "gone"; choose another one.',
        retryable: false,
      },
    });
  });

  test("that was generated is not generated again", async () => {
    const turn = await begin("Hello");
    await generation.run(accountId, turn);
    await generation.run(accountId, turn);
    expect(fake.requests).toHaveLength(1);
  });
});

describe("a model that fails", () => {
  test("[TURN-9] before the first token leaves the user's message alone, and no reply", async () => {
    fake.behave({ kind: "status", status: 401 });
    expect((await send("Hello")).at(-1)).toMatchObject({
      event: "error",
      data: { code: "model_unauthorized", message: null },
    });
    expect(contents((await opened()).messages)).toEqual(["user: Hello"]);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatch(/^reply failed .*model_unauthorized/);
  });

  test("[MODEL-6] that repeats a prompt in its refusal leaves no word of it in the log", async () => {
    await generateWith({ titles: "model" });
    const body = { error: { message: "Can't answer 'my secret diary'" } };
    fake.behave({ kind: "status", status: 400, body });
    await send("my secret diary");
    fake.next({ kind: "answer" });
    conversationId = await newConversation();
    await send("my secret diary");
    expect(logged).toHaveLength(2);
    expect(logged.join("\n")).not.toContain("diary");
  });

  test("[MODEL-3] leaves a conversation that goes on, also with a model whose roles have to alternate", async () => {
    await send("Hello");
    fake.next({ kind: "status", status: 500 });
    await send("second");
    fake.behave({
      kind: "picky",
      refuses: ({ messages = [] }) => {
        const isAlternating = messages.every(({ role }, index) => role === (index % 2 === 0 ? "user" : "assistant"));
        const message = "Conversation roles must alternate user/assistant/user/assistant/...";
        return isAlternating ? null : { status: 400, body: { object: "error", message } };
      },
    });
    expect((await send("third")).at(-1)?.event).toBe("done");
    expect(asked(fake.requests.length - 1)?.at(-1)).toBe("user: second\n\nthird");
  });

  test("[TURN-9] in the middle keeps the text as a failed reply", async () => {
    fake.behave({ kind: "cut", words: 3 });
    expect((await send("Hello")).at(-1)).toMatchObject({
      event: "error",
      data: { code: "model_interrupted", retryable: true, message: { content: "Hello from the", status: "failed" } },
    });
    expect((await opened()).messages[1]).toMatchObject({ status: "failed", error: { code: "model_interrupted" } });
  });

  test.each(["", " ", "\n \n"])(
    "[TURN-9] that answers with nothing, such as %j, says so, and leaves none",
    async (text) => {
      fake.behave({ kind: "answer", text });
      expect((await send("Hello")).at(-1)).toMatchObject({
        event: "error",
        data: { code: "model_failed", detail: "The model answered with nothing; try again.", message: null },
      });
    },
  );
});

describe("a model that thinks", () => {
  const thinking = readFileSync(new URL("./cases/e13-think-without-opening.sse", import.meta.url), "utf8");

  test("[MODEL-5] has its thoughts kept apart, never asked with, and never made a title", async () => {
    await generateWith({ titles: "model" });
    fake.next({ kind: "raw", pieces: [thinking] }, { kind: "raw", pieces: [thinking] });
    const events = await send("Hello");
    expect((await opened()).messages[1]).toMatchObject({
      content: "Friendly greeting",
      thoughts: "Okay, the user greets me. I should greet back.\n",
    });
    expect((await opened()).title).toBe("Friendly greeting");
    expect(events.some((event) => event.event === "token" && event.data.text_was_thoughts)).toBe(true);
    expect(asked(1)?.[0]).not.toMatch(/greets me/);
    await send("And now?");
    expect(asked(2)).toEqual(["user: Hello", "assistant: Friendly greeting", "user: And now?"]);
  });

  test("[MODEL-5] for ever ends at the limit of characters", async () => {
    await generateWith({ limits: { ...LIMITS, maxCharacters: 100 } });
    fake.behave({
      kind: "raw",
      pieces: [eventOf({ choices: [{ delta: { reasoning: "hm".repeat(100) } }] })],
      keepsOpen: true,
    });
    expect((await send("Hello")).at(-1)).toMatchObject({
      event: "error",
      data: { code: "model_failed", message: null },
    });
    fake.behave({
      kind: "raw",
      pieces: [
        `data: {"choices":[{"delta":{"content":"Yes"}}]}\n\n`,
        eventOf({ choices: [{ delta: { reasoning: "hm".repeat(100) } }] }),
      ],
      keepsOpen: true,
    });
    await send("Again");
    expect((await opened()).messages.at(-1)).toMatchObject({
      content: "Yes",
      thoughts: "hm".repeat(50),
      stop_reason: "length",
    });
  });
});

describe("a model that never ends", () => {
  test("[TURN-12] has its reply ended at the limit of characters, never in half of one, and its request with it", async () => {
    await generateWith({ limits: { ...LIMITS, maxCharacters: 100 } });
    fake.behave({ kind: "endless", text: "ab😀" });
    const events = await send("Hello");
    expect(events.at(-1)?.event).toBe("done");
    const reply = (await opened()).messages[1];
    expect(reply).toMatchObject({ status: "complete", stop_reason: "length", content: "ab😀".repeat(25) });
    await fake.waitForAbandon(await fake.waitForRequest());
    await generateWith({ limits: { ...LIMITS, maxCharacters: 99 } });
    await send("Hello again");
    expect((await opened()).messages.at(-1)?.content).toBe(`${"ab😀".repeat(24)}ab`);
  });

  test("[TURN-12] has its reply ended after its time, with the text kept", async () => {
    await generateWith({ limits: { ...LIMITS, maxMs: 2000 } });
    fake.behave({ kind: "endless", text: "more ", delayMs: 5 });
    expect((await send("Hello")).at(-1)).toMatchObject({
      event: "error",
      data: { code: "model_timeout", message: { status: "failed", content: expect.stringMatching(/^more /) } },
    });
    await fake.waitForAbandon(await fake.waitForRequest());
  });
});

describe("stopping", () => {
  test("[TURN-5] aborts the model's request, keeps the text, and asks for no title", async () => {
    await generateWith({ titles: "model" });
    fake.behave({ kind: "silent", words: 2 });
    const turn = await begin("Hello");
    const running = generation.run(accountId, turn);
    const request = await fake.waitForRequest();
    await waitUntil(async () => (await engine.activeReply(accountId, conversationId))?.text === "Hello from");
    expect(await engine.stopReply(accountId, conversationId, turn.replyId)).toBe("stopped");
    await Promise.all([running, fake.waitForAbandon(request)]);
    expect((await opened()).messages[1]).toMatchObject({ content: "Hello from", status: "stopped" });
    expect(fake.requests).toHaveLength(1);
  });

  test("[TURN-8] a deleted conversation's reply aborts the model's request", async () => {
    fake.behave({ kind: "silent", words: 2 });
    const turn = await begin("Hello");
    const running = generation.run(accountId, turn);
    const request = await fake.waitForRequest();
    await engine.erase(accountId, conversationId);
    await Promise.all([running, fake.waitForAbandon(request)]);
    expect(logged).toEqual([]);
  });

  test("[TURN-5] a reply that waits for its place leaves the queue and never asks", async () => {
    await generateWith({ maxReplies: 1 });
    fake.behave({ kind: "silent", words: 1 });
    const [first, second] = [await begin("One"), await begin("Two", { into: await newConversation() })];
    const runs = [generation.run(accountId, first), generation.run(accountId, second)];
    await fake.waitForRequest();
    expect(generation.statistics()).toMatchObject({ running: 1, waiting: 1 });
    await engine.stopReply(accountId, second.conversationId, second.replyId);
    await runs[1];
    await engine.stopReply(accountId, first.conversationId, first.replyId);
    await runs[0];
    expect(fake.requests).toHaveLength(1);
    expect(generation.statistics()).toMatchObject({ running: 0, waiting: 0 });
  });

  test("replies beyond the process's places wait, and all complete", async () => {
    await generateWith({ maxReplies: 3 });
    fake.behave({ kind: "answer", tokenDelayMs: 1 });
    const turns = await Promise.all(
      Array.from({ length: 12 }, async () => begin("Hi", { into: await newConversation() })),
    );
    const runs = turns.map(async (turn) => generation.run(accountId, turn));
    expect(generation.statistics()).toMatchObject({ running: 3, waiting: 9 });
    await Promise.all(runs);
    expect(fake.requests).toHaveLength(12);
  });
});

describe("titles", () => {
  beforeEach(async () => generateWith({ titles: "model" }));

  test("are asked of the model after the first turn only, and cleaned", async () => {
    fake.next({ kind: "answer" }, { kind: "answer", text: '**"A fine title."**\n\nI hope you like it.' });
    await send("Hello there");
    expect((await opened()).title).toBe("A fine title");
    expect(asked(1)?.[0]).toMatch(/^user: Write a title [\s\S]*User: Hello there[\s\S]*Assistant: Hello from the fake/);
    await send("And more");
    expect(fake.requests).toHaveLength(3);
  });

  test("that the model fails to make stay the first words, and only the log knows", async () => {
    fake.next({ kind: "answer" }, { kind: "status", status: 500 });
    expect((await send("Hello there")).at(-1)?.event).toBe("done");
    expect((await opened()).title).toBe("Hello there");
    expect(logged[0]).toMatch(/^no title from the model/);
  });

  test("never replace a name that a person gave meanwhile", async () => {
    const turn = await begin("Hello there");
    await engine.patch(accountId, conversationId, { title: "Mine" });
    fake.next({ kind: "answer" }, { kind: "answer", text: "Another" });
    await generation.run(accountId, turn);
    expect((await opened()).title).toBe("Mine");
  });

  test("made of a reply that was replaced meanwhile name nothing", async () => {
    fake.next({ kind: "answer" }, { kind: "answer", text: "Of what is gone" });
    const turn = await begin("Hello there");
    const edited: TurnEvent[] = [];
    const setGeneratedTitle = engine.setGeneratedTitle.bind(engine);
    engine.setGeneratedTitle = async (...made) => {
      engine.setGeneratedTitle = setGeneratedTitle;
      fake.next({ kind: "answer" }, { kind: "answer", text: "Of what stands" });
      edited.push(...(await send("Something else", { replaceFromSeq: 1 })));
      return engine.setGeneratedTitle(...made);
    };
    await generation.run(accountId, turn);
    expect(edited.at(-1)?.event).toBe("done");
    expect((await opened()).title).toBe("Of what stands");
  });

  test("are given up when the program stops", async () => {
    fake.next({ kind: "answer" }, { kind: "silent", words: 1 });
    const running = generation.run(accountId, await begin("Hello there"));
    const request = await fake.waitForRequest((each) => each !== fake.requests[0]);
    generation.beginStop();
    await Promise.all([running, fake.waitForAbandon(request)]);
    expect((await opened()).title).toBe("Hello there");
    expect(logged).toEqual([]);
  });
});

async function waitUntil(isTrue: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await isTrue()) return;
    await new Promise((resolve) => void setTimeout(resolve, 5));
  }
  throw new Error("It did not become true");
}
