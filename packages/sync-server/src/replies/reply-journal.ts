/** Brings running replies' tokens to the journal in batches: durable within a second, however many replies run [TURN-2]. */
import type { Cancel, EngineEnvironment } from "../environment.ts";
import type { JournalChunk } from "./reply-events.ts";
import { JOURNAL_MS } from "./reply-times.ts";
import type { RunningReply } from "./running-reply.ts";

/** What one reply adds to a batch. */
export interface JournalPart {
  readonly reply: RunningReply;
  readonly chunk: JournalChunk;
}

export class ReplyJournal {
  readonly #environment: EngineEnvironment;
  readonly #append: (parts: readonly JournalPart[]) => Promise<void>;
  readonly #dirty = new Set<RunningReply>();
  #timer: Cancel | null = null;
  #isFlushing = false;

  /** `append` writes a batch durably, or rejects; then the same tokens come again with the next one. */
  constructor(environment: EngineEnvironment, append: (parts: readonly JournalPart[]) => Promise<void>) {
    this.#environment = environment;
    this.#append = append;
  }

  /** The reply has text that the journal lacks. */
  note(reply: RunningReply): void {
    this.#dirty.add(reply);
    this.#schedule();
  }

  /** The reply has ended: whatever of it is left went with its end. */
  forget(reply: RunningReply): void {
    this.#dirty.delete(reply);
  }

  stop(): void {
    this.#timer?.();
    this.#timer = null;
    this.#dirty.clear();
  }

  #schedule(): void {
    if (this.#timer !== null || this.#isFlushing || this.#dirty.size === 0) return;
    this.#timer = this.#environment.after(JOURNAL_MS, () => {
      this.#timer = null;
      void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    const parts = this.#takePending();
    if (parts.length === 0) return;
    this.#isFlushing = true;
    const [outcome] = await Promise.allSettled([this.#append(parts)]);
    this.#isFlushing = false;
    for (const { reply, chunk } of parts) {
      if (outcome.status === "fulfilled") reply.feed.journalled(chunk.lastEventId);
      else if (!reply.isEnding) this.#dirty.add(reply);
    }
    this.#schedule();
  }

  #takePending(): JournalPart[] {
    const parts: JournalPart[] = [];
    for (const reply of this.#dirty) {
      const chunk = reply.feed.pendingChunk();
      if (chunk !== null) parts.push({ reply, chunk });
    }
    this.#dirty.clear();
    return parts;
  }
}
