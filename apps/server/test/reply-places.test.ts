/** Replies that wait for a place: two minutes at most, and no timer outlives them. */
import type { ConversationId, Message, ReplyId } from "@instep/protocol";
import type { ReplyEnding, ReplyWriter, StartedTurn } from "@instep/sync-server";
import { expect, test } from "vitest";
import { LOCAL_ACCOUNT } from "../src/accounts/accounts.ts";
import { createGeneration } from "../src/generation/generation.ts";
import type { Model } from "../src/generation/model.ts";
import { ManualEnvironment } from "./manual-environment.ts";

const QUEUE_TIMEOUT_MS = 120_000;
const MAX_MS = 3_600_000;

function turnOf(n: number): StartedTurn {
  const userMessage: Message = {
    id: `m${n}`,
    conversation_id: "c",
    seq: 1,
    role: "user",
    content: "Hi",
    created_at: "2026-01-01T12:00:00.000000Z",
    status: "complete",
  };
  return {
    kind: "started",
    replyId: `r${n}` as ReplyId,
    conversationId: "c" as ConversationId,
    userMessage,
    model: "m",
    title: "",
    history: [userMessage],
    olderCount: 0,
    instructions: null,
  };
}

/** A generation with one place, whose model answers when it is told to. */
function oneplaceGeneration() {
  const environment = new ManualEnvironment();
  const ended = new Map<string, ReplyEnding>();
  const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<void>();
  const model: Model = {
    id: "m",
    name: "m",
    makesTitles: false,
    async *generate() {
      await mayAnswer;
      yield { kind: "text", text: "Yes" };
      yield { kind: "end", stopReason: "stop", usage: null };
    },
  };
  const replyWriter = (_accountId: unknown, replyId: ReplyId): ReplyWriter => ({
    replyId,
    signal: new AbortController().signal,
    write: () => undefined,
    think: () => undefined,
    takeBackText: () => undefined,
    end: async (ending) => void ended.set(replyId, ending),
  });
  const nothing = () => undefined;
  const generation = createGeneration({
    engine: { replyWriter, setGeneratedTitle: () => Promise.reject(new Error("no title is asked for")) },
    catalogue: {
      models: [model],
      defaultModel: model,
      problem: null,
      find: () => model,
      refresh: () => Promise.resolve(),
      stop: nothing,
    },
    settings: { maxReplies: 1, contextTokens: null, limits: { maxCharacters: 100, maxMs: MAX_MS }, titles: "words" },
    environment,
    log: { info: nothing, warn: nothing, error: nothing },
  });
  return { environment, ended, generation, answer };
}

test("[TURN-9] a reply waits two minutes for its place, and then says that the server is busy; the others go on", async () => {
  const { environment, ended, generation, answer } = oneplaceGeneration();
  const first = generation.run(LOCAL_ACCOUNT.id, turnOf(1));
  await new Promise((resolve) => setImmediate(resolve));
  // The reply's own time; what it waited with is over.
  expect(environment.startedDelays).toEqual([QUEUE_TIMEOUT_MS, MAX_MS]);
  expect(environment.pendingTimers).toBe(1);
  const second = generation.run(LOCAL_ACCOUNT.id, turnOf(2));
  environment.advance(QUEUE_TIMEOUT_MS - 1);
  await new Promise((resolve) => setImmediate(resolve));
  expect([...ended.keys()]).toEqual([]);
  environment.advance(1);
  await second;
  expect(ended.get("r2")).toMatchObject({ kind: "failed", error: { code: "model_rate_limited" }, retryable: true });
  expect(generation.statistics()).toMatchObject({ running: 1, waiting: 0 });
  answer();
  await first;
  expect(ended.get("r1")).toMatchObject({ kind: "complete" });
  expect(generation.statistics()).toMatchObject({ running: 0, waiting: 0 });
  expect(environment.pendingTimers).toBe(0);
});
