/** The model of a simulation: it does what the message's text tells it to. */
import type { Message } from "@instep/protocol";
import type { ReplyWriter } from "@instep/sync-server";
import type { ReplyScript } from "./step.ts";
import type { VirtualTime } from "./virtual-time.ts";

const PATTERN = /\[(\d+) tokens, every (\d+) ms, then ([a-z-]+)\]$/;
const DEFAULT: ReplyScript = { tokens: 1, gapMs: 1, end: "complete" };

/** A message that tells the model how to answer; `words` make it unlike the others. */
export function scriptedText(words: string, script: ReplyScript): string {
  return `${words} [${script.tokens} tokens, every ${script.gapMs} ms, then ${script.end}]`;
}

/** What the newest user message asks for. */
export function scriptOf(history: readonly Message[]): ReplyScript {
  const text = history.findLast(({ role }) => role === "user")?.content ?? "";
  const [, tokens, gapMs, end] = PATTERN.exec(text) ?? [];
  if (tokens === undefined || gapMs === undefined) return DEFAULT;
  const known = (["failed", "failed-empty", "hang"] as const).find((name) => name === end) ?? "complete";
  return { tokens: Number(tokens), gapMs: Number(gapMs), end: known };
}

/** Writes the reply over virtual time, as a program does that asks a model. */
export function generate(time: VirtualTime, writer: ReplyWriter, script: ReplyScript): void {
  let written = 0;
  let isOver = false;
  const finish = (ending: Parameters<ReplyWriter["end"]>[0]): void => {
    if (isOver) return;
    isOver = true;
    // A server that was killed meanwhile can't write any more; its reaper's successor closes the reply.
    writer.end(ending).catch(() => {});
  };
  writer.signal.addEventListener("abort", () => finish({ kind: "stopped" }), { once: true });
  const next = (): void => {
    if (isOver) return;
    if (writer.signal.aborted) return finish({ kind: "stopped" });
    if (script.end === "failed-empty") return finish(failure);
    if (written < script.tokens) {
      written += 1;
      writer.write(`word${written} `);
      time.after(script.gapMs, next);
      return;
    }
    if (script.end !== "hang") finish(script.end === "failed" ? failure : { kind: "complete" });
  };
  time.after(script.gapMs, next);
}

const failure = {
  kind: "failed",
  error: { code: "model_failed", detail: "The model failed, as the script says." },
  retryable: true,
} as const;
