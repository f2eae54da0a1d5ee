/** What the program does with a request: asks the engine, starts the model, and turns refusals into failures. */
import {
  type AccountId,
  type ClientMessageId,
  type ConversationId,
  parseTimestamp,
  type ReplyId,
  type Send,
  type SyncResponse,
  type TurnEvent,
  type TurnResult,
} from "@instep/protocol";
import { PROBLEMS } from "@instep/protocol/schemas";
import {
  isFailure,
  type Failure,
  type FailureCode,
  type Result,
  type SyncAnswer,
  type SyncQuestion,
} from "@instep/sync-client";
import { type BegunTurn, type Engine, isRefusal, type Outcome } from "@instep/sync-server";
import { generate, scriptOf } from "./reply-script.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** The longest that the server holds a request, in seconds. */
export const MAX_WAIT_S = 25;
export const FIRST_MODEL = "model-a";

/** Told of what the server was really asked to do, for the oracle. */
export interface ApiWitness {
  /** The model is asked for a reply to this send. */
  modelCalled(accountId: AccountId, send: { readonly clientMessageId: string; readonly replyId: string }): void;
  /** A sync question is held or being answered; returns what says that it was answered. */
  syncAsked(accountId: AccountId, question: SyncQuestion): () => void;
}

export interface ApiOptions {
  readonly engine: Engine;
  readonly time: VirtualTime;
  readonly pageLimit: number;
  /** For how long it holds a question at most; 0 where it answers at once. */
  readonly maxWaitS: number;
  readonly witness: ApiWitness;
}

/** The server's calls, as the network carries them. */
export class SimulatedApi {
  readonly engine: Engine;
  readonly #time: VirtualTime;
  readonly #pageLimit: number;
  readonly #maxWaitS: number;
  readonly #witness: ApiWitness;
  readonly #generating = new Set<string>();

  constructor(options: ApiOptions) {
    this.engine = options.engine;
    this.#time = options.time;
    this.#pageLimit = options.pageLimit;
    this.#maxWaitS = options.maxWaitS;
    this.#witness = options.witness;
  }

  async sync(accountId: AccountId, question: SyncQuestion, signal: AbortSignal): Promise<Result<SyncAnswer>> {
    const since = question.since === null ? null : parseTimestamp(question.since);
    const answered = this.#witness.syncAsked(accountId, question);
    const outcome = await this.engine.sync(
      accountId,
      {
        since,
        full: since === null,
        epoch: question.epoch,
        waitS: Math.min(question.waitS, this.#maxWaitS),
        limit: this.#pageLimit,
        page: question.page,
        ifNoneMatch: question.etag,
      },
      signal,
    );
    answered();
    if (isRefusal(outcome)) return toFailure(outcome);
    if (outcome.kind === "not-modified") return outcome;
    // What the engine wrote is what travels: the type is the wire's.
    const response = JSON.parse(outcome.json) as SyncResponse;
    const retryAfterMs = outcome.retryAfterS === null ? null : outcome.retryAfterS * 1000;
    return { kind: "answer", response, etag: outcome.etag, retryAfterMs };
  }

  async sendStream(
    accountId: AccountId,
    turn: { readonly id: ConversationId; readonly send: Send },
    signal: AbortSignal,
  ): Promise<Result<AsyncIterable<TurnEvent>>> {
    const begun = await this.begin(accountId, turn.id, turn.send);
    if (isFailure(begun)) return begun;
    return this.view(accountId, { conversationId: turn.id, replyId: begun.replyId, after: 0 }, signal);
  }

  async sendBatch(
    accountId: AccountId,
    turn: { readonly id: ConversationId; readonly send: Send },
    signal: AbortSignal,
  ): Promise<Result<TurnResult>> {
    const begun = await this.begin(accountId, turn.id, turn.send);
    if (isFailure(begun)) return begun;
    const events = await this.view(accountId, { conversationId: turn.id, replyId: begun.replyId, after: 0 }, signal);
    if (isFailure(events)) return events;
    for await (const { event, data } of events) {
      if (event === "done") return { user_message: begun.userMessage, ...data };
      if (event !== "error") continue;
      const { code, detail, ...end } = data;
      return { ...problem(code as FailureCode, detail), problem: { ...end, user_message: begun.userMessage } };
    }
    return problem("unavailable", "The server stopped before the reply ended.");
  }

  async view(
    accountId: AccountId,
    from: { readonly conversationId: ConversationId; readonly replyId: ReplyId; readonly after: number },
    signal: AbortSignal,
  ): Promise<Result<AsyncIterable<TurnEvent>>> {
    return toResult(await this.engine.viewReply(accountId, from, signal));
  }

  /** Begins a turn, and asks the model where this call is the one that started it. */
  async begin(accountId: AccountId, id: ConversationId, send: Send): Promise<Result<BegunTurn>> {
    const begun = toResult(
      await this.engine.beginTurn(accountId, {
        conversationId: id,
        text: send.message ?? null,
        clientMessageId: send.client_message_id as ClientMessageId,
        model: send.model ?? null,
        expectedLastSeq: send.expected_last_seq ?? null,
        replaceFromSeq: send.replace_from_seq ?? null,
      }),
    );
    if (isFailure(begun) || begun.kind === "joined") return begun;
    const writer = this.engine.replyWriter(accountId, begun.replyId);
    if (!writer) throw new Error("The engine started a turn and has no writer for it");
    this.#witness.modelCalled(accountId, { clientMessageId: send.client_message_id, replyId: begun.replyId });
    this.#generating.add(begun.replyId);
    generate(this.#time, writer, scriptOf(begun.history));
    return begun;
  }

  /** Whether this server process asked a model for the reply. */
  isGenerating(replyId: string): boolean {
    return this.#generating.has(replyId);
  }
}

/** An engine's outcome as a device gets it. */
export function toResult<T>(outcome: Outcome<T>): Result<T> {
  return isRefusal(outcome) ? toFailure(outcome) : outcome;
}

function toFailure(refusal: { readonly refused: keyof typeof PROBLEMS; readonly members?: object }): Failure {
  return { ...problem(refusal.refused, PROBLEMS[refusal.refused].title), problem: { ...refusal.members } };
}

function problem(code: FailureCode, detail: string): Failure {
  const status = code in PROBLEMS ? PROBLEMS[code as keyof typeof PROBLEMS].status : 502;
  return { failed: code, status, detail, retryAfterMs: null, problem: { code } };
}
