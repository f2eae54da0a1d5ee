/** The whole transport in a test's hands: syncs wait for their answers, the other calls answer as the test says. */
import type { AsOf, ConversationDetail, ConversationSummary, Message, TurnEvent } from "@instep/protocol";
import { failure, type Failure, type Result } from "../src/failure.ts";
import type { EventStream, Transport } from "../src/transport/transport.ts";
import { idOf, ScriptedServer, tick } from "./scripted-server.ts";
import { settle } from "./virtual-environment.ts";

export const NO_NETWORK: Failure = failure("unreachable", "no network");

/** A stream that the test feeds. */
export class ScriptedStream implements EventStream {
  readonly #ready: (TurnEvent | null)[] = [];
  #waiting: ((event: TurnEvent | null) => void) | null = null;
  isClosed = false;

  next = (): Promise<TurnEvent | null> => {
    const event = this.#ready.shift();
    return event === undefined ? new Promise((resolve) => (this.#waiting = resolve)) : Promise.resolve(event);
  };

  close = (): void => void (this.isClosed = true);

  async feed(...events: (TurnEvent | null)[]): Promise<void> {
    for (const event of events) {
      const waiting = this.#waiting;
      this.#waiting = null;
      if (waiting) waiting(event);
      else this.#ready.push(event);
      await settle();
    }
  }
}

type Calls = { -readonly [Name in keyof Transport]: Transport[Name] };

/** Every call that was made, by name with its arguments. */
export class ScriptedTransport extends ScriptedServer implements Calls {
  readonly calls: [string, ...unknown[]][] = [];
  readonly streams: ScriptedStream[] = [];
  /** What the next streams answer instead of opening. */
  refusals: Failure[] = [];
  /** What calls answer, by name; no network where nothing is given. */
  answers: Partial<Record<keyof Transport, (...given: never[]) => unknown>> = {};

  config = this.#call("config");
  me = this.#call("me");
  patchMe = this.#call("patchMe");
  list = this.#call("list");
  create = this.#call("create");
  open = this.#call("open");
  messages = this.#call("messages");
  patch = this.#call("patch");
  act = this.#call("act");
  remove = this.#call("remove");
  restore = this.#call("restore");
  versions = this.#call("versions");
  restoreVersion = this.#call("restoreVersion");
  trash = this.#call("trash");
  trashMessages = this.#call("trashMessages");
  emptyTrash = this.#call("emptyTrash");
  markRead = this.#call("markRead");
  search = this.#call("search");
  sendBatch = this.#call("sendBatch");
  stopReply = this.#call("stopReply");
  sendStream: Transport["sendStream"] = async (id, send) => this.#open(["sendStream", id, send]);
  resumeStream: Transport["resumeStream"] = async (id, from) => this.#open(["resumeStream", id, from]);

  named(name: keyof Transport): unknown[][] {
    return this.calls.filter(([called]) => called === name).map(([, ...given]) => given);
  }

  get stream(): ScriptedStream {
    const stream = this.streams.at(-1);
    if (!stream) throw new Error("no stream was opened");
    return stream;
  }

  // A scripted answer is whatever the test gives; the types are the test's own.
  #call(name: keyof Transport): (...given: never[]) => Promise<never> {
    return async (...given) => {
      this.calls.push([name, ...given.filter((each: unknown) => !(each instanceof AbortSignal))]);
      const answer = this.answers[name];
      return (answer ? await answer(...given) : NO_NETWORK) as never;
    };
  }

  #open(call: [string, ...unknown[]]): Result<EventStream> {
    this.calls.push(call);
    const refusal = this.refusals.shift();
    if (refusal) return refusal;
    const stream = new ScriptedStream();
    this.streams.push(stream);
    return stream;
  }
}

/** A summary of conversation `name` with `count` messages. */
export function summary(
  name: string,
  count: number,
  more: Partial<ConversationSummary & AsOf> = {},
): ConversationSummary & Partial<AsOf> {
  return {
    id: idOf(name),
    title: `Conversation ${name}`,
    message_count: count,
    updated_at: tick(count),
    last_seq: count,
    read_seq: 0,
    unread_count: count,
    marked_unread: false,
    pinned: false,
    archived: false,
    model: "demo",
    active_reply_id: null,
    created_at: tick(0),
    ...more,
  };
}

export function message(name: string, seq: number, more: Partial<Message> = {}): Message {
  const role = seq % 2 === 1 ? "user" : "assistant";
  const id = `${idOf(name).slice(0, 24)}${String(seq).padStart(12, "0")}`;
  const content = `message ${seq}`;
  return { id, conversation_id: idOf(name), seq, role, content, created_at: tick(seq), status: "complete", ...more };
}

/** The newest `loaded` of `count` messages. */
export function detail(
  name: string,
  count: number,
  more: Partial<ConversationDetail> & { loaded?: number } = {},
): ConversationDetail {
  const { loaded = Math.min(count, 50), ...rest } = more;
  const first = count - loaded + 1;
  return {
    ...summary(name, count),
    messages: Array.from({ length: loaded }, (_, index) => message(name, first + index)),
    message_pagination: {
      total_count: count,
      has_older: first > 1,
      older_cursor: first > 1 ? String(first) : null,
      has_newer: false,
      newer_cursor: null,
    },
    active_reply: null,
    ...rest,
  };
}

/** The events of a whole turn: user message `seq`, these tokens, the reply at `seq + 1`. */
export function turn(name: string, seq: number, tokens: readonly string[]): TurnEvent[] {
  const replyId = message(name, seq + 1).id;
  const done = message(name, seq + 1, { role: "assistant", content: tokens.join("") });
  const counts = {
    message_count: seq + 1,
    last_seq: seq + 1,
    title: `Conversation ${name}`,
    updated_at: tick(seq + 1),
  };
  return [
    { id: 1, event: "start", data: { user_message: message(name, seq), reply_id: replyId, message_count: seq } },
    ...tokens.map((text, index): TurnEvent => ({ id: index + 2, event: "token", data: { text } })),
    { id: tokens.length + 2, event: "done", data: { message: done, ...counts } },
  ];
}
