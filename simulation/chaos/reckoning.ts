/** What must stand in a conversation: the rules about messages and versions, replayed over what was acknowledged about it [MSG-1, MSG-3, MSG-5]. */
import type { Message } from "@instep/protocol";
import { isDeepStrictEqual } from "node:util";
import { faultUnless } from "./fault.ts";
import type { Conversation, ReplyEnd, Restoration, Turn } from "./deeds.ts";

export interface Standing {
  readonly messages: readonly Message[];
  readonly versions: readonly KeptVersion[];
  /** The highest seq that was ever given. */
  readonly lastSeq: number;
  /** What the model is shown in each turn. */
  readonly shown: ReadonlyMap<Turn, readonly ShownMessage[]>;
}

/** What was replaced, and must be kept. */
export interface KeptVersion {
  /** Behind which message its place is; 0 is the beginning. */
  readonly afterSeq: number;
  readonly messages: readonly Message[];
}

export type ShownMessage = Pick<Message, "role" | "content">;

/** Throws the first fault that is in the acknowledgements themselves. A turn that has not ended yet leaves its question. */
export function reckon(conversation: Conversation): Standing {
  const reckoning = new Reckoning(conversation);
  for (const deed of conversation.deeds) {
    if (deed.kind === "turn") reckoning.take(deed);
    else reckoning.restore(deed);
  }
  return reckoning.standing;
}

class Reckoning {
  readonly #conversation: Conversation;
  readonly #shown = new Map<Turn, readonly ShownMessage[]>();
  #live: Message[] = [];
  #versions: KeptVersion[] = [];
  #lastSeq = 0;

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
  }

  get standing(): Standing {
    const messages = this.#live.map((message) => this.#told(message));
    return { messages, versions: this.#versions, lastSeq: this.#lastSeq, shown: this.#shown };
  }

  take(turn: Turn): void {
    const replaced = turn.fromSeq === null ? null : this.#replace(turn, turn.fromSeq);
    if (turn.text !== null) this.#append(turn.userMessage ?? this.#predicted(turn, turn.text), turn);
    this.#shown.set(
      turn,
      this.#live.filter(({ content }) => content.trim() !== "").map(({ role, content }) => ({ role, content })),
    );
    const { end } = turn;
    if (end === null) return;
    this.#end(turn, end, turn.text === null ? replaced : null);
    const isCounted = end.message_count === this.#live.length && end.last_seq === this.#lastSeq;
    faultUnless(isCounted, "MSG-1", () => {
      const told = `${end.message_count} messages up to ${end.last_seq}`;
      return `${name(turn)} ended with ${told}, not ${this.#live.length} up to ${this.#lastSeq}`;
    });
  }

  restore({ afterSeq, index }: Restoration): void {
    const version = this.#versions.filter((kept) => kept.afterSeq === afterSeq)[index];
    faultUnless(
      version !== undefined,
      "MSG-5",
      () => `${this.#conversation.id} has no version ${index} behind ${afterSeq}`,
    );
    const at = this.#live.findIndex(({ seq }) => seq > afterSeq);
    if (at >= 0) this.#setAside(at);
    this.#bringBack(version);
  }

  /** Ends what is replaced; returns the version that it is kept as. A question alone that is said again word for word leaves none. */
  #replace(turn: Turn, fromSeq: number): KeptVersion | null {
    const at = this.#live.findIndex(({ seq }) => seq === fromSeq);
    const first = this.#live[at];
    faultUnless(first !== undefined, "MSG-3", () => `${name(turn)} replaces ${fromSeq}, which does not stand`);
    const isSaidAgain =
      first.role === "user" &&
      first.content === turn.text &&
      at === this.#live.length - 1 &&
      !this.#versions.some(({ afterSeq }) => afterSeq === first.seq);
    if (!isSaidAgain) return this.#setAside(at);
    this.#live = this.#live.slice(0, at);
    return null;
  }

  #setAside(at: number): KeptVersion {
    const version = { afterSeq: this.#live[at - 1]?.seq ?? 0, messages: this.#live.slice(at) };
    this.#versions = [...this.#versions, version];
    this.#live = this.#live.slice(0, at);
    return version;
  }

  #append(message: Message, turn: Turn): void {
    const { version_count: _, ...plain } = message;
    this.#lastSeq += 1;
    faultUnless(
      message.seq === this.#lastSeq,
      "MSG-1",
      () => `${name(turn)} got ${message.seq} after ${this.#lastSeq - 1}`,
    );
    this.#live = [...this.#live, plain];
  }

  /** `replaced` is what comes back where the turn ended without a word. */
  #end(turn: Turn, end: ReplyEnd["data"], replaced: KeptVersion | null): void {
    const { message, brought_back: count } = end;
    if (replaced === null || !endsWithoutWord(end)) {
      faultUnless(
        count === undefined,
        "MSG-5",
        () => `${name(turn)} brought ${count} back, and had nothing to bring back`,
      );
      if (message !== null) this.#append(message, turn);
      if (message !== null) this.#mustBeTold(turn, message);
      return;
    }
    const first = this.#live.length;
    this.#bringBack(replaced);
    const isTold = isDeleted(end) ? count === undefined : count === replaced.messages.length;
    faultUnless(isTold, "MSG-5", () => `${name(turn)} brought ${count} back, not ${replaced.messages.length}`);
    if (message === null) return;
    const [back] = this.#live.slice(first);
    faultUnless(
      message.seq === back?.seq,
      "MSG-5",
      () => `${name(turn)} ended with ${message.seq}, and ${back?.seq} came back`,
    );
    this.#mustBeTold(turn, message);
  }

  /** Under the same ids, with new seqs, and with what was kept of places inside. */
  #bringBack(version: KeptVersion): void {
    this.#versions = this.#versions.filter((kept) => kept !== version);
    for (const message of version.messages) {
      this.#lastSeq += 1;
      const seq = this.#lastSeq;
      this.#live = [...this.#live, { ...message, seq }];
      this.#versions = this.#versions.map((kept) =>
        kept.afterSeq === message.seq ? { ...kept, afterSeq: seq } : kept,
      );
    }
  }

  #mustBeTold(turn: Turn, message: Message): void {
    const standing = this.#live.find(({ seq }) => seq === message.seq);
    const told = standing && this.#told(standing);
    faultUnless(isDeepStrictEqual(message, told), "MSG-5", () => {
      return `${name(turn)} ended with ${JSON.stringify(message)}, and ${JSON.stringify(told)} stands`;
    });
  }

  /** As a device is told of it now. */
  #told(message: Message): Message {
    const before = this.#live[this.#live.indexOf(message) - 1]?.seq ?? 0;
    const count = this.#versions.filter(({ afterSeq }) => afterSeq === before).length;
    return count === 0 ? message : { ...message, version_count: count };
  }

  /** A batch that fails doesn't tell what became of its message. */
  #predicted({ clientMessageId }: Turn, text: string): Message {
    return {
      id: clientMessageId,
      conversation_id: this.#conversation.id,
      seq: this.#lastSeq + 1,
      role: "user",
      content: text,
      created_at: "",
      status: "complete",
      client_message_id: clientMessageId,
    };
  }
}

function isDeleted(end: ReplyEnd["data"]): boolean {
  return "code" in end && end.code === "conversation_deleted";
}

/** Whether nothing of a reply came, or stays. */
function endsWithoutWord(end: ReplyEnd["data"]): boolean {
  if (end.brought_back !== undefined || end.message === null) return true;
  return end.message.status !== "complete" && end.message.content.trim() === "";
}

function name(turn: Turn): string {
  return `the reply ${turn.replyId} of ${turn.clientMessageId}`;
}
