/** One turn: sent, streamed, resumed after a cut, stopped. A reply belongs to the server, so letting go of it ends nothing [TURN-2]. */
import {
  type ConversationId,
  type DoneEvent,
  type ErrorEvent,
  type ReplyId,
  type Send,
  type StartEvent,
  type TokenEvent,
  type TurnEvent,
  type TurnResult,
  unreachable,
} from "@instep/protocol";
import { backoffDelayMs, type BackoffSpan, isReturn } from "../backoff-delay.ts";
import type { Environment } from "../environment.ts";
import { type Failure, failure, isFailure, isPassing, type Result } from "../failure.ts";
import type { EventStream, Transport } from "../transport/transport.ts";
import { withWatchdog } from "../watchdog.ts";

export interface TurnPorts {
  readonly transport: Pick<Transport, "sendBatch" | "open" | "stopReply">;
  /** Where a reply's events come from. */
  readonly streams: Pick<Transport, "sendStream" | "resumeStream">;
  readonly environment: Environment;
}

/** What is told while a reply grows. */
export interface TurnHandlers {
  /** The user message is committed, and the reply has its id [TURN-1]. */
  onStart?(event: StartEvent): void;
  /** More of the reply, or of what its model thinks, in order, without a gap. */
  onToken?(token: TokenEvent): void;
  /** Whether events come now, or a cut is being resumed. */
  onConnection?(isConnected: boolean): void;
}

/** A turn that is asked for whole. */
export interface BatchRequest {
  readonly conversationId: ConversationId;
  readonly send: Send;
  /** Lets go of the turn; the reply goes on. */
  readonly signal: AbortSignal;
}

/** A turn whose reply is told as it grows. */
export interface TurnRequest extends BatchRequest {
  readonly handlers: TurnHandlers;
}

/** How a turn ended for this device. */
export type TurnEnding =
  | { readonly kind: "done"; readonly done: DoneEvent }
  | { readonly kind: "error"; readonly error: ErrorEvent }
  /** The send, or the resuming, was refused or did not get through; nothing more will come of this call. */
  | { readonly kind: "failed"; readonly failure: Failure }
  /** `signal` let go of it. */
  | { readonly kind: "left" };

/** Heartbeats come at most 15 s apart, so three that are missing mean a dead connection. */
const SILENCE_MS = 45_000;
/** A batch's answer comes when the model is through. A connection that died meanwhile is noticed by asking again. */
const BATCH_TRY_MS = 60_000;
const BATCH_TRIES = 10;
const RESUMING: BackoffSpan = { firstMs: 500, maxMs: 15_000 };

/** Sends a message and follows its reply to the end, through cuts and gaps [TURN-3, TURN-4]. */
export async function sendStreamingMessage(ports: TurnPorts, request: TurnRequest): Promise<TurnEnding> {
  const { conversationId, send, signal, handlers } = request;
  const reader = new ReplyReader(ports, { conversationId, signal, handlers });
  const limit = { timeoutMs: SILENCE_MS, signal };
  const stream = await withWatchdog(ports.environment, limit, (abort) =>
    ports.streams.sendStream(conversationId, send, abort),
  );
  if (isFailure(stream)) return failedOrLeft(stream);
  const ending = await reader.read(stream);
  if (ending) return ending;
  // Cut before the first event: nobody knows whether the server has it, and the same send again is harmless.
  if (!reader.replyId) return failedOrLeft(failure("unreachable", "The connection was cut."), signal);
  return reader.resumeAfterCut();
}

/** Sends a message and waits for the whole reply; a repeat joins the turn that there is [TURN-3]. */
export async function sendBatchMessage(ports: TurnPorts, request: BatchRequest): Promise<Result<TurnResult>> {
  const limit = { timeoutMs: BATCH_TRY_MS, signal: request.signal };
  for (let tries = 1; ; tries++) {
    const result = await withWatchdog(ports.environment, limit, (signal) =>
      ports.transport.sendBatch(request.conversationId, request.send, signal),
    );
    if (tries === BATCH_TRIES || !isFailure(result) || result.failed !== "timed_out") return result;
  }
}

/** Follows a reply that runs already, from an event on: after a reload, or another device's [TURN-4]. */
export function followReply(
  ports: TurnPorts,
  reply: Omit<TurnRequest, "send"> & { readonly replyId: ReplyId; readonly after: number },
): Promise<TurnEnding> {
  return new ReplyReader(ports, reply, reply).resume();
}

/** Ends a running reply, wherever it runs; without its id (a batch), the one that the conversation has [TURN-5]. */
export async function stopReply(ports: TurnPorts, id: ConversationId, replyId: ReplyId | null): Promise<Result<void>> {
  let running = replyId;
  if (running === null) {
    const detail = await ports.transport.open(id, 1);
    if (isFailure(detail)) return detail;
    running = (detail.active_reply?.reply_id ?? null) as ReplyId | null;
  }
  if (running === null) return undefined;
  const answer = await ports.transport.stopReply(id, running);
  return isFailure(answer) ? answer : undefined;
}

class ReplyReader {
  readonly #ports: TurnPorts;
  readonly #turn: Omit<TurnRequest, "send">;
  replyId: ReplyId | null;
  /** The number of the last event that was taken; the next one is one higher. */
  #last: number;

  constructor(
    ports: TurnPorts,
    turn: Omit<TurnRequest, "send">,
    from?: { readonly replyId: ReplyId; readonly after: number },
  ) {
    this.#ports = ports;
    this.#turn = turn;
    this.replyId = from?.replyId ?? null;
    this.#last = from?.after ?? 0;
  }

  /** The same after a pause: what cut this connection has cut others too. */
  async resumeAfterCut(): Promise<TurnEnding> {
    await this.#pause(0, null);
    return this.resume();
  }

  /** Connects again after the last event, until the reply's end has come. */
  async resume(): Promise<TurnEnding> {
    const { conversationId, signal } = this.#turn;
    let failures = 0;
    while (!signal.aborted && this.replyId) {
      const from = { replyId: this.replyId, after: this.#last };
      const limit = { timeoutMs: SILENCE_MS, signal };
      const stream = await withWatchdog(this.#ports.environment, limit, (abort) =>
        this.#ports.streams.resumeStream(conversationId, from, abort),
      );
      if (isFailure(stream)) {
        if (!isPassing(stream) || stream.status === 401) return failedOrLeft(stream, signal);
      } else {
        const before = this.#last;
        const ending = await this.read(stream);
        if (ending) return ending;
        if (this.#last > before) failures = 0;
      }
      await this.#pause(failures++, isFailure(stream) ? stream.retryAfterMs : null);
    }
    return { kind: "left" };
  }

  /** Takes events until the last one; null where the connection ended, or a number is missing, before it. */
  async read(stream: EventStream): Promise<TurnEnding | null> {
    const { handlers, signal } = this.#turn;
    for (;;) {
      const event = await this.#next(stream);
      if (signal.aborted) {
        stream.close();
        return { kind: "left" };
      }
      if (event === "alive") continue;
      // A gap is never skipped: the journal has what is missing.
      if (event === null || event.id > this.#last + 1) {
        stream.close();
        handlers.onConnection?.(false);
        return null;
      }
      if (event.id <= this.#last && event.event !== "done" && event.event !== "error") continue;
      const ending = this.#handle(event);
      if (!ending) continue;
      stream.close();
      return ending;
    }
  }

  #handle(event: TurnEvent): TurnEnding | null {
    const { handlers } = this.#turn;
    this.#last = event.id;
    handlers.onConnection?.(true);
    switch (event.event) {
      case "start":
        this.replyId = event.data.reply_id as ReplyId;
        handlers.onStart?.(event.data);
        return null;
      case "token":
        handlers.onToken?.(event.data);
        return null;
      case "done":
        return { kind: "done", done: event.data };
      case "error":
        return { kind: "error", error: event.data };
      default:
        return unreachable(event);
    }
  }

  async #next(stream: EventStream): Promise<TurnEvent | "alive" | null> {
    const limit = { timeoutMs: SILENCE_MS, signal: this.#turn.signal };
    const event = await withWatchdog(this.#ports.environment, limit, () => stream.next());
    return isFailure(event) ? null : event;
  }

  /** Waits with full jitter, and as long as the server asks for [LIMIT-1], but not when the network or the page comes back. */
  #pause(failures: number, retryAfterMs: number | null): Promise<void> {
    const { environment } = this.#ports;
    const { signal } = this.#turn;
    if (signal.aborted) return Promise.resolve();
    const delayMs = backoffDelayMs({ before: failures, random: environment.random(), retryAfterMs }, RESUMING);
    return new Promise((resolve) => {
      const finish = (): void => {
        environment.clearTimer(timer);
        unsubscribe();
        signal.removeEventListener("abort", finish);
        resolve();
      };
      const timer = environment.setTimer(finish, delayMs);
      const unsubscribe = environment.page.subscribe((event) => {
        if (isReturn(event)) finish();
      });
      signal.addEventListener("abort", finish);
    });
  }
}

function failedOrLeft(failed: Failure, signal?: AbortSignal): TurnEnding {
  return failed.failed === "aborted" || signal?.aborted ? { kind: "left" } : { kind: "failed", failure: failed };
}
