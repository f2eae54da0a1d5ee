/** A server that answers when and what the test says: every call is recorded and waits for its answer. */
import type { ConversationId, MarkRead, SyncResponse, SyncRow, UnreadCount } from "@instep/protocol";
import { failure, type Failure, type Result } from "../src/failure.ts";
import type { Moment } from "../src/moment.ts";
import type { SyncAnswer, SyncQuestion } from "../src/transport/transport.ts";
import { settle } from "./virtual-environment.ts";

/** One request that waits for its answer. */
export class Asked {
  readonly question: SyncQuestion;
  readonly signal: AbortSignal;
  readonly #resolve: (answer: Result<SyncAnswer>) => void;

  constructor(question: SyncQuestion, signal: AbortSignal, resolve: (answer: Result<SyncAnswer>) => void) {
    this.question = question;
    this.signal = signal;
    this.#resolve = resolve;
  }

  async answer(response: Partial<SyncResponse>, extra: { etag?: string; retryAfterMs?: number } = {}): Promise<void> {
    const { etag = null, retryAfterMs = null } = extra;
    this.#resolve({ kind: "answer", response: { ...EMPTY, ...response }, etag, retryAfterMs });
    await settle();
  }

  async notModified(): Promise<void> {
    this.#resolve({ kind: "not-modified" });
    await settle();
  }

  async fail(failed: Partial<Failure> = {}): Promise<void> {
    this.#resolve({ ...failure("unreachable", "no network"), ...failed });
    await settle();
  }
}

const EMPTY: SyncResponse = {
  conversations: [],
  deleted_ids: [],
  server_time: "",
  is_full_sync: false,
  epoch: "e1",
  has_more: false,
  next_page: null,
};

export class ScriptedServer {
  readonly asked: Asked[] = [];
  readonly unreadAsked: { readonly id: string; readonly afterSeq: number }[] = [];
  readonly reads: { readonly id: string; readonly position: MarkRead }[] = [];
  unreadSignal: AbortSignal | null = null;
  unreadCount = 0;
  isFailing = false;

  sync = (question: SyncQuestion, signal: AbortSignal): Promise<Result<SyncAnswer>> =>
    new Promise((resolve) => this.asked.push(new Asked(question, signal, resolve)));

  unreadAfter = async (id: ConversationId, afterSeq: number, signal: AbortSignal): Promise<Result<UnreadCount>> => {
    this.unreadAsked.push({ id, afterSeq });
    this.unreadSignal = signal;
    return this.isFailing ? failure("unreachable", "no network") : { count: this.unreadCount };
  };

  /** The newest request. */
  get last(): Asked {
    const asked = this.asked.at(-1);
    if (!asked) throw new Error("nothing was asked");
    return asked;
  }
}

/** The tick `n` of the account's clock, on the wire. */
export function tick(n: number): string {
  return `2026-01-01T00:00:00.${String(n).padStart(6, "0")}Z`;
}

/** The moment of that tick. */
export function at(n: number, epoch = "e1"): Moment {
  return { epoch, time: tick(n) };
}

/** A conversation's id by a letter. */
export function idOf(name: string): ConversationId {
  const code = name.codePointAt(0)?.toString(16).padStart(2, "0") ?? "00";
  return `${code.repeat(4)}-0000-4000-8000-000000000000` as ConversationId;
}

/** A row of a sync answer: `count` messages, the newest at tick `at`. */
export function row(name: string, count: number, more: Partial<SyncRow> & { at?: number } = {}): SyncRow {
  const { at = count, ...rest } = more;
  return { id: idOf(name), title: `Conversation ${name}`, message_count: count, updated_at: tick(at), ...rest };
}

/** A full answer at tick `time`. */
export function full(time: number, rows: SyncRow[]): Partial<SyncResponse> {
  return { conversations: rows, server_time: tick(time), is_full_sync: true };
}

/** An increment up to tick `time`. */
export function increment(time: number, rows: SyncRow[] = [], deletedIds: string[] = []): Partial<SyncResponse> {
  return { conversations: rows, server_time: tick(time), deleted_ids: deletedIds };
}
