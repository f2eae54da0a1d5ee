/** The built-in demo model: no network, no key, the same answer to the same question, and it says what it is. */
import { composeDemoReply } from "./demo-text.ts";
import { sleep, type GenerationEnvironment } from "./environment.ts";
import type { Model, ModelChoice, ModelChunk, ModelRequest } from "./model.ts";

export interface DemoModelParts extends ModelChoice {
  /** The pace, in milliseconds a token; 0 writes as fast as it can. */
  readonly tokenDelayMs: number;
  readonly environment: GenerationEnvironment;
}

const TOKENS_A_BREATH = 50;

/** Makes the demo model. */
export function createDemoModel(parts: DemoModelParts): Model {
  return { id: parts.id, name: parts.name, makesTitles: false, generate: (request) => generate(parts, request) };
}

async function* generate(parts: DemoModelParts, request: ModelRequest): AsyncGenerator<ModelChunk> {
  const questions = request.messages.filter((message) => message.role === "user");
  const text = composeDemoReply(questions.at(-1)?.content ?? "", questions.length);
  for (const [index, token] of splitTokens(text).entries()) {
    // At no delay it still takes a breath now and then, in which others get their turn, and a stop gets through.
    if (parts.tokenDelayMs > 0 || index % TOKENS_A_BREATH === 0) {
      await sleep(parts.environment, parts.tokenDelayMs, request.signal);
    }
    yield { kind: "text", text: token };
  }
  // It has no tokens to count, and makes up no number.
  yield { kind: "end", stopReason: "stop", usage: null };
}

/** A word with the space before it, as real tokenisers cut. */
function splitTokens(text: string): readonly string[] {
  return text.match(/\s*\S{1,12}|\s+$/gu) ?? [];
}
