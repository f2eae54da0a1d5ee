/** One reply: the model's chunks into the engine's writer, and whatever happens into the reply's ending [TURN-9]. */
import type { MessageUsage } from "@instep/protocol";
import type { ReplyEnding, ReplyWriter } from "@instep/sync-server";
import { withinCodeUnits } from "../storable-text.ts";
import type { Context } from "./context.ts";
import type { GenerationEnvironment } from "./environment.ts";
import { ModelError, type Model } from "./model.ts";
import { storableChunks } from "./storable-chunks.ts";

export interface WrittenReply {
  /** Null where the engine had ended the reply itself: it was stopped, deleted, or the server closes. */
  readonly ending: ReplyEnding | null;
  /** All that was written; empty where the reply did not complete. */
  readonly text: string;
  readonly usage: MessageUsage | null;
  /** What to log where the ending is a failure that nobody foresaw. */
  readonly unexpected?: unknown;
}

/** Where a reply ends by itself, whatever its model goes on to say [TURN-12]. */
export interface ReplyLimits {
  /** In UTF-16 code units (`MAX_REPLY_CHARACTERS`). */
  readonly maxCharacters: number;
  /** From the request on (`MODEL_MAX_SECONDS`). */
  readonly maxMs: number;
}

export interface ReplyToWrite {
  readonly model: Model;
  readonly context: Context;
  readonly writer: ReplyWriter;
  readonly limits: ReplyLimits;
  readonly environment: GenerationEnvironment;
}

const SECOND_MS = 1000;

/** Streams a model's reply into the writer. Never throws; the caller ends the reply with what it returns. */
export async function writeReply(reply: ReplyToWrite): Promise<WrittenReply> {
  const { writer, limits, environment } = reply;
  const aborting = new AbortController();
  const cancel = environment.startTimer(limits.maxMs, () => aborting.abort(tookTooLong(limits.maxMs)));
  try {
    return await stream(reply, AbortSignal.any([writer.signal, aborting.signal]));
  } catch (error) {
    if (writer.signal.aborted) return { ending: null, text: "", usage: null };
    return describeFailure(aborting.signal.aborted ? aborting.signal.reason : error);
  } finally {
    cancel();
  }
}

async function stream({ model, context, writer, limits }: ReplyToWrite, signal: AbortSignal): Promise<WrittenReply> {
  let text = "";
  let thoughtCount = 0;
  for await (const chunk of storableChunks(model.generate({ messages: context.messages, signal }))) {
    signal.throwIfAborted();
    if (chunk.kind === "end") {
      if (text === "") throw emptyReply(chunk.stopReason);
      const { usage } = chunk;
      const stopReason = stopReasonOf(chunk.stopReason, context);
      const ending = { kind: "complete", stopReason, ...(usage && { usage }) } as const;
      return { ending, text, usage };
    }
    if (chunk.kind === "text_was_thoughts") {
      writer.takeBackText();
      thoughtCount += text.length;
      text = "";
      continue;
    }
    if (chunk.text === "") continue;
    if (chunk.kind === "thoughts") {
      const more = withinCodeUnits(chunk.text, limits.maxCharacters - thoughtCount);
      thoughtCount += more.length;
      if (more !== "") writer.think(more);
      if (more.length === chunk.text.length) continue;
      // A model that thinks beyond the limit is cut off, whether it has said anything yet or not.
      if (text === "") throw emptyReply("length");
      return { ending: { kind: "complete", stopReason: "length" }, text, usage: null };
    }
    const more = withinCodeUnits(chunk.text, limits.maxCharacters - text.length);
    text += more;
    writer.write(more);
    // The rest is not read: leaving the loop ends the request.
    if (more.length < chunk.text.length || text.length >= limits.maxCharacters) {
      return { ending: { kind: "complete", stopReason: "length" }, text, usage: null };
    }
  }
  throw new ModelError("model_interrupted", "The model ended its answer in the middle; try again.", {
    retryable: true,
  });
}

function tookTooLong(maxMs: number): ModelError {
  const detail = `The reply took longer than ${Math.round(maxMs / SECOND_MS)} s; what had come is kept.`;
  return new ModelError("model_timeout", detail, { retryable: true });
}

/** A cut answer is said first; else how many messages the model did not see, as `context_trimmed:<count>`. */
function stopReasonOf(stopReason: string, context: Context): string {
  return stopReason === "stop" && context.leftOut > 0 ? `context_trimmed:${context.leftOut}` : stopReason;
}

function emptyReply(stopReason: string): ModelError {
  if (stopReason === "length") {
    const detail =
      "The model reached its length limit before it wrote anything; shorten the conversation or raise its limit.";
    return new ModelError("model_failed", detail, { retryable: false });
  }
  if (stopReason === "content_filter") {
    const detail = "The model's content filter withheld the answer; put the question in other words.";
    return new ModelError("model_failed", detail, { retryable: false });
  }
  return new ModelError("model_failed", "The model answered with nothing; try again.", { retryable: true });
}

function describeFailure(error: unknown): WrittenReply {
  if (error instanceof ModelError) {
    const { code, detail, retryable } = error;
    return { ending: { kind: "failed", error: { code, detail }, retryable }, text: "", usage: null };
  }
  const detail = "The model failed in a way that this server does not know; its log says more.";
  const ending = { kind: "failed", error: { code: "model_failed", detail }, retryable: true } as const;
  return { ending, text: "", usage: null, unexpected: error };
}
