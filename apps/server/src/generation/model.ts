/** The port to a model: messages in, text as it comes, and errors that a person can act on [TURN-9]. */
import type { MessageUsage, ProblemCode } from "@instep/protocol";
import { storableText } from "../storable-text.ts";

/** What a model is asked with, oldest first. */
export interface ModelMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

export interface ModelRequest {
  readonly messages: readonly ModelMessage[];
  /** Aborting it ends the request to the model at once [TURN-5]. */
  readonly signal: AbortSignal;
}

/**
 * Words as they come, then exactly one `end`; a stream that ends without it has thrown. `text_was_thoughts` says that all text so
 * far was not the reply but what the model thought [MODEL-5].
 */
export type ModelChunk =
  | { readonly kind: "text" | "thoughts"; readonly text: string }
  | { readonly kind: "text_was_thoughts" }
  | { readonly kind: "end"; readonly stopReason: string; readonly usage: MessageUsage | null };

/** A model that may be asked, by the id that its endpoint knows and the name that a person reads. */
export interface ModelChoice {
  readonly id: string;
  readonly name: string;
}

/** One model that answers. Implementations: an OpenAI-compatible endpoint, and the built-in demo. */
export interface Model extends ModelChoice {
  /** Whether it can be asked for a conversation's title. */
  readonly makesTitles: boolean;
  /** Asks for a reply. Throws `ModelError`, or whatever the signal was aborted with. */
  generate(request: ModelRequest): AsyncIterable<ModelChunk>;
}

/** The codes of a failing model, as they travel to the device [TURN-9]. */
export type ModelErrorCode = Extract<ProblemCode, `model_${string}`>;

export interface ModelErrorDetails {
  /** Whether asking again may help without anybody changing anything. */
  readonly retryable: boolean;
  /** Whether the model surely did not begin to answer, so that asking again by ourselves can't ask it twice. */
  readonly hasNotBegun?: boolean;
  /** Whether the connection was closed before anything of an answer came: it is asked again once [MODEL-3]. */
  readonly wasReset?: boolean;
  /** How long the model asked us to wait, in milliseconds; null where it said nothing. */
  readonly retryAfterMs?: number | null;
  readonly cause?: unknown;
}

/** A model that failed. `detail` is one sentence that a person can act on; it holds no secret. */
export class ModelError extends Error {
  readonly code: ModelErrorCode;
  readonly detail: string;
  readonly retryable: boolean;
  readonly hasNotBegun: boolean;
  readonly wasReset: boolean;
  readonly retryAfterMs: number | null;

  constructor(code: ModelErrorCode, detail: string, details: ModelErrorDetails) {
    super(`${code}: ${detail}`, { cause: details.cause });
    this.name = "ModelError";
    this.code = code;
    // The endpoint's own words are among it.
    this.detail = storableText(detail);
    this.retryable = details.retryable;
    this.hasNotBegun = details.hasNotBegun ?? false;
    this.wasReset = details.wasReset ?? false;
    this.retryAfterMs = details.retryAfterMs ?? null;
  }
}
