/** What this tab's own turns have replaced: an Undo takes back such a turn, and nothing that was written after it [MSG-5]. */
import type { Message } from "@instep/protocol";

/** The latest one of a conversation. */
export interface OwnReplacement {
  readonly versionId: string;
  /** The conversation's `last_seq` when the turn began; the turn itself adds its reply at most. */
  readonly beganAt: number;
  /** `last_seq` as the turn left it; null until then, and where this tab has not seen it end. */
  readonly endedAt: number | null;
  /** Where the replaced stood: the seq of what stands there, null while nothing does. */
  readonly placeSeq: number | null;
  /** The turn ended without a word, and has brought it back by itself. */
  readonly isBack: boolean;
}

interface Ended {
  readonly last_seq: number;
  readonly message: Message | null;
  readonly brought_back?: number | undefined;
}

export class OwnReplacements {
  readonly #latest = new Map<string, OwnReplacement>();

  of(conversationId: string, versionId: string): OwnReplacement | null {
    const latest = this.#latest.get(conversationId);
    return latest?.versionId === versionId ? latest : null;
  }

  begin(conversationId: string, begun: Pick<OwnReplacement, "versionId" | "beganAt" | "placeSeq">): void {
    this.#latest.set(conversationId, { ...begun, endedAt: null, isBack: false });
  }

  end(conversationId: string, { last_seq: lastSeq, message, brought_back: back }: Ended): void {
    const begun = this.#latest.get(conversationId);
    if (begun?.endedAt !== null) return;
    const isBack = back !== undefined;
    // More than its reply is of a later turn's end: this one's was missed.
    if (!isBack && lastSeq > begun.beganAt + 1) return;
    const placeSeq = begun.placeSeq ?? message?.seq ?? null;
    this.#latest.set(conversationId, { ...begun, endedAt: lastSeq, placeSeq, isBack });
  }
}
