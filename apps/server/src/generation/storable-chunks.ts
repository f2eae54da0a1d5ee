/** A model's words as they can be stored, so that what is seen while they come is what stands afterwards. */
import { storableText } from "../storable-text.ts";
import type { ModelChunk } from "./model.ts";

const FIRST_HALF = /[\uD800-\uDBFF]$/;

/** The same chunks with whole characters only: half of one waits for the other, and is replaced where that doesn't come [TURN-4]. */
export async function* storableChunks(chunks: AsyncIterable<ModelChunk>): AsyncGenerator<ModelChunk, void> {
  let half = "";
  let halfKind: "text" | "thoughts" = "text";
  for await (const chunk of chunks) {
    if (half !== "" && chunk.kind !== halfKind) {
      yield { kind: halfKind, text: storableText(half) };
      half = "";
    }
    if (chunk.kind !== "text" && chunk.kind !== "thoughts") {
      yield chunk;
      continue;
    }
    const text: string = half + chunk.text;
    half = FIRST_HALF.exec(text)?.[0] ?? "";
    halfKind = chunk.kind;
    yield { kind: chunk.kind, text: storableText(text.slice(0, text.length - half.length)) };
  }
}
