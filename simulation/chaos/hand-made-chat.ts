/** A conversation as a ledger would have it after a run, written by hand: for the tests of the judgement. */
import type { Message } from "@instep/protocol";
import { randomUUID } from "node:crypto";
import { Ledger } from "./ledger.ts";
import type { Conversation, ReplyEnd, Turn } from "./deeds.ts";

/** What an end says that isn't what it should say. */
export interface Spoilt {
  readonly seq?: number;
  readonly messageCount?: number;
  readonly lastSeq?: number;
  readonly versionCount?: number;
}

export interface Back {
  readonly seq: number;
  readonly count?: number;
  readonly content?: string;
}

const AT = "2026-01-02T03:04:05.000000Z";

export class HandMadeChat {
  readonly ledger = new Ledger();
  readonly conversation: Conversation = this.ledger.addConversation(randomUUID());
  #live: Message[] = [];
  #lastSeq = 0;
  /** What the turn that runs has replaced. */
  #replaced: readonly Message[] = [];

  /** A question; from `fromSeq` on it replaces what stands. */
  ask(text: string, fromSeq: number | null = null, { seq }: Spoilt = {}): this {
    this.#replace(fromSeq);
    const clientMessageId = randomUUID();
    const question = { clientMessageId, text };
    const turn = this.ledger.addTurn(this.conversation, { clientMessageId, text, fromSeq, question });
    const message = this.#message({ role: "user", content: text, seq });
    turn.userMessage = { ...message, client_message_id: clientMessageId };
    turn.replyId = randomUUID();
    this.#live.push(turn.userMessage);
    return this;
  }

  askAgain(fromSeq: number): this {
    this.#replace(fromSeq);
    const standing = this.#live.findLast(({ role }) => role === "user");
    const question = { clientMessageId: standing?.client_message_id ?? "", text: standing?.content ?? "" };
    const asking = { clientMessageId: randomUUID(), text: null, fromSeq, question };
    const turn = this.ledger.addTurn(this.conversation, asking);
    turn.userMessage = standing ?? null;
    turn.replyId = randomUUID();
    return this;
  }

  completes(content: string, spoilt: Spoilt = {}): Turn {
    return this.#ends(this.#reply("complete", content, spoilt), "done", spoilt);
  }

  fails(content: string, spoilt: Spoilt = {}): Turn {
    return this.#ends(this.#reply("failed", content, spoilt), "error", spoilt);
  }

  stopsEmpty(): Turn {
    return this.#ends(this.#reply("stopped", "", {}), "done");
  }

  failsEmpty(): Turn {
    return this.#ends(null, "error");
  }

  isDeleted(spoilt: Spoilt): Turn {
    return this.#ends(null, "conversation_deleted", spoilt);
  }

  bringsBack(how: "stopped" | "failed" | "interrupted", { seq, count = 1, content }: Back): Turn {
    const [first] = this.#replaced;
    const back = first && { ...first, seq, content: content ?? first.content };
    this.#lastSeq += 1;
    if (back) this.#live.push(back);
    const isDone = how === "stopped";
    return this.#ends(isDone ? (back ?? null) : null, isDone ? "done" : "error", { back: count });
  }

  /** The turn that runs, or the last one. */
  get turn(): Turn {
    const turn = this.conversation.deeds.findLast((deed) => deed.kind === "turn");
    if (!turn) throw new Error("Nothing was asked yet");
    return turn;
  }

  #replace(fromSeq: number | null): void {
    this.#replaced = fromSeq === null ? [] : this.#live.filter(({ seq }) => seq >= fromSeq);
    this.#live = this.#live.filter((message) => !this.#replaced.includes(message));
  }

  #reply(status: Message["status"], content: string, { seq, versionCount }: Spoilt): Message {
    const message = {
      ...this.#message({ role: "assistant", content, seq }),
      id: this.turn.replyId ?? "",
      status,
      model: "demo",
      ...(versionCount !== undefined && { version_count: versionCount }),
    };
    this.#live.push(message);
    return message;
  }

  #message({ seq, ...rest }: Pick<Message, "role" | "content"> & { readonly seq: number | undefined }): Message {
    this.#lastSeq += 1;
    return {
      id: randomUUID(),
      conversation_id: this.conversation.id,
      seq: seq ?? this.#lastSeq,
      created_at: AT,
      status: "complete",
      ...rest,
    };
  }

  #ends(
    message: Message | null,
    how: "done" | "error" | "conversation_deleted",
    spoilt: Spoilt & { readonly back?: number } = {},
  ): Turn {
    const counts = {
      message_count: spoilt.messageCount ?? this.#live.length,
      last_seq: spoilt.lastSeq ?? this.#lastSeq,
    };
    const ended = { ...counts, ...(spoilt.back !== undefined && { brought_back: spoilt.back }) };
    const failure = { code: how === "error" ? "model_failed" : how, detail: "", retryable: true };
    const end: ReplyEnd["data"] =
      how === "done" && message !== null
        ? { message, title: "", updated_at: AT, ...ended }
        : { ...failure, message, ...ended };
    this.turn.end = end;
    return this.turn;
  }
}
