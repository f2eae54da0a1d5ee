/** Runs turns: a place in the queue, the model's reply into the engine, and a title after a first turn. */
import type { AccountId } from "@instep/protocol";
import type { Engine, ReplyEnding, ReplyWriter, StartedTurn } from "@instep/sync-server";
import { buildContext } from "./context.ts";
import type { GenerationEnvironment } from "./environment.ts";
import { ModelError, type Model } from "./model.ts";
import type { ModelCatalogue } from "./model-catalogue.ts";
import { createFairQueue, type FairQueue } from "../limits/fair-queue.ts";
import { askForTitle } from "./titles.ts";
import { writeReply, type ReplyLimits, type WrittenReply } from "./write-reply.ts";

/** The part of a pino logger that generation needs. */
interface GenerationLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface GenerationSettings {
  /** How many replies may ask a model at once in this process; the rest wait in a queue that is fair between accounts. */
  readonly maxReplies: number;
  /** The model's window in tokens; null: unknown, and the newest 1,000 messages at most are sent (`MODEL_CONTEXT_TOKENS`). */
  readonly contextTokens: number | null;
  readonly limits: ReplyLimits;
  /** Whether a title is asked of the model after the first turn, or stays the first words (`TITLES`). */
  readonly titles: "model" | "words";
}

export interface GenerationParts {
  readonly engine: Pick<Engine, "replyWriter" | "setGeneratedTitle">;
  readonly catalogue: ModelCatalogue;
  readonly settings: GenerationSettings;
  readonly environment: GenerationEnvironment;
  readonly log: GenerationLog;
}

export interface GenerationStatistics {
  /** Replies that ask a model, and replies that wait for a place. */
  readonly running: number;
  readonly waiting: number;
  /** Tokens since the start, as the models counted them. */
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export interface Generation {
  /** Generates the reply of a turn. Resolves when nothing is left to do for it; never throws. */
  run(accountId: AccountId, turn: StartedTurn): Promise<void>;
  /** For the program's stop: gives up titles. Replies end with the engine. */
  beginStop(): void;
  statistics(): GenerationStatistics;
}

/** A turn on its way, with what every step of it needs. */
interface Run {
  readonly accountId: AccountId;
  readonly turn: StartedTurn;
  readonly model: Model;
  readonly writer: ReplyWriter;
}

/** How long a reply waits for a place before it fails with a message that says so. */
const QUEUE_TIMEOUT_MS = 120_000;

/** Makes the one generation of a process. */
export function createGeneration(parts: GenerationParts): Generation {
  return new ModelGeneration(parts);
}

class ModelGeneration implements Generation {
  readonly #parts: GenerationParts;
  readonly #queue: FairQueue;
  readonly #stopping = new AbortController();
  readonly #tokens = { prompt: 0, completion: 0 };

  constructor(parts: GenerationParts) {
    this.#parts = parts;
    this.#queue = createFairQueue(parts.settings.maxReplies);
  }

  async run(accountId: AccountId, turn: StartedTurn): Promise<void> {
    try {
      await this.#generate(accountId, turn);
    } catch (error) {
      this.#parts.log.error({ replyId: turn.replyId, err: error }, "reply could not be ended");
    }
  }

  beginStop(): void {
    this.#stopping.abort();
  }

  statistics(): GenerationStatistics {
    const { prompt, completion } = this.#tokens;
    return { ...this.#queue.statistics(), promptTokens: prompt, completionTokens: completion };
  }

  async #generate(accountId: AccountId, turn: StartedTurn): Promise<void> {
    const { engine, catalogue, settings } = this.#parts;
    const writer = engine.replyWriter(accountId, turn.replyId);
    if (!writer) return;
    const model = catalogue.find(turn.model);
    if (!model) return writer.end(unknownModel(turn.model, catalogue.problem));
    const run = { accountId, turn, model, writer };
    const text = await this.#reply(run);
    if (text === null || settings.titles === "words" || !model.makesTitles || !isFirstTurn(turn)) return;
    await this.#entitle(run, text);
  }

  /** Returns the text of a reply that is complete, else null. */
  async #reply(run: Run): Promise<string | null> {
    const leave = await this.#enterQueue(run);
    if (!leave) return null;
    try {
      const { settings, environment } = this.#parts;
      const context = buildContext(run.turn, settings.contextTokens);
      const { model, writer } = run;
      const written = await writeReply({ model, context, writer, limits: settings.limits, environment });
      this.#record(run, written);
      if (written.ending) await run.writer.end(written.ending);
      return written.ending?.kind === "complete" ? written.text : null;
    } finally {
      leave();
    }
  }

  /** Null where the reply ended before it had a place. */
  async #enterQueue({ accountId, writer }: Run): Promise<(() => void) | null> {
    const waiting = new AbortController();
    const cancel = this.#parts.environment.startTimer(QUEUE_TIMEOUT_MS, () => waiting.abort());
    try {
      return await this.#queue.enter(accountId, AbortSignal.any([writer.signal, waiting.signal]));
    } catch {
      // Only the two signals reject; a reply that was stopped has its ending already.
      if (!writer.signal.aborted) await writer.end(TOO_BUSY);
      return null;
    } finally {
      cancel();
    }
  }

  #record(run: Run, written: WrittenReply): void {
    const { log } = this.#parts;
    const { ending, usage } = written;
    const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = usage ?? {};
    this.#tokens.prompt += promptTokens ?? 0;
    this.#tokens.completion += completionTokens ?? 0;
    const fields = { replyId: run.turn.replyId, model: run.model.id, promptTokens, completionTokens };
    if (written.unexpected !== undefined) {
      log.error({ ...fields, err: written.unexpected }, "reply failed unexpectedly");
    } else if (ending?.kind === "failed") log.warn({ ...fields, code: ending.error.code }, "reply failed");
    else log.info({ ...fields, ending: ending?.kind ?? "stopped" }, "reply ended");
  }

  async #entitle({ accountId, turn, model }: Run, reply: string): Promise<void> {
    const { engine, environment, log } = this.#parts;
    try {
      const question = turn.userMessage.content;
      const title = await askForTitle({ model, question, reply, environment, signal: this.#stopping.signal });
      if (title === null) return;
      const { conversationId, replyId } = turn;
      await engine.setGeneratedTitle(accountId, conversationId, { title, replyId });
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      log.warn(
        { replyId: turn.replyId, model: model.id, ...loggable(error) },
        "no title from the model; the words stay",
      );
    }
  }
}

const TOO_BUSY: ReplyEnding = {
  kind: "failed",
  error: {
    code: "model_rate_limited",
    detail: "This server is writing as many replies as it may at once; try again in a minute.",
  },
  retryable: true,
};

/** An endpoint's own words may repeat what it was asked, and that is nobody's to read in a log. */
function loggable(error: unknown): object {
  return error instanceof ModelError ? { code: error.code } : { err: error };
}

function isFirstTurn(turn: StartedTurn): boolean {
  return turn.history.filter((message) => message.role === "user").length === 1;
}

/** Nothing is offered while the endpoint can't be asked: then that is what is wrong [MODEL-4]. */
function unknownModel(id: string, problem: ModelError | null): ReplyEnding {
  if (problem !== null) {
    const { code, detail, retryable } = problem;
    return { kind: "failed", error: { code, detail }, retryable };
  }
  const detail = `This server no longer offers the model "${id}"; choose another one.`;
  return { kind: "failed", error: { code: "model_failed", detail }, retryable: false };
}
