/** What the server committed, in order: read from the raw engine after every event, by increments that are checked against whole answers. */
import {
  type AccountId,
  type CompleteRow,
  type ConversationId,
  type Message,
  type Micros,
  parseTimestamp,
} from "@instep/protocol";
import { type Engine, isRefusal } from "@instep/sync-server";
import { AccountAnswers, type WholeAnswer } from "./account-answers.ts";
import { TOMBSTONE_DAYS } from "./server.ts";
import { must, Violation } from "./violation.ts";

const DAY_MICROS = 86_400_000_000;

/** A conversation from one tick on, until the next version; a null row: it was deleted. */
export interface Version {
  readonly clock: Micros;
  readonly row: CompleteRow | null;
}

/** A message that stands or stood. */
export interface MessageFact {
  readonly seq: number;
  readonly id: string;
  readonly role: Message["role"];
  readonly text: string;
  readonly clientMessageId: string | null;
  /** It stood before under another number, and has come back [MSG-5]. */
  readonly isBack: boolean;
  isLive: boolean;
  /** The account's clock when it was found to be replaced; null while it lives. */
  replacedAt: Micros | null;
}

const MESSAGE_LIMIT = 500;

export class History {
  /** Goes up when history was rewound by a restore [EPOCH-1]. */
  era = 0;
  /** The account's clock as of the last observation. */
  clock = 0 as Micros;
  readonly #accountId: AccountId;
  readonly #answers: AccountAnswers;
  readonly #versions = new Map<ConversationId, Version[]>();
  readonly #messages = new Map<ConversationId, Map<number, MessageFact>>();
  readonly #erased = new Set<ConversationId>();
  /** What was ever deleted, also where its id has been given anew since. */
  readonly #deleted = new Set<ConversationId>();
  readonly #mayReturn = new Set<ConversationId>();
  /** The messages that had been replaced when history was rewound: a version that the backup has may bring them back. */
  readonly #replacedBefore = new Set<string>();
  #last: WholeAnswer | null = null;
  /** The oldest answer of this history: for a device that comes back after all of it. */
  #first: WholeAnswer | null = null;

  constructor(accountId: AccountId) {
    this.#accountId = accountId;
    this.#answers = new AccountAnswers(accountId);
  }

  get epoch(): string {
    return this.#answers.epoch;
  }

  /** The live conversations of the server. */
  live(): ReadonlyMap<ConversationId, CompleteRow> {
    return this.#last?.rows ?? new Map<ConversationId, CompleteRow>();
  }

  /** Every state that a conversation had, oldest first. */
  versions(id: ConversationId): readonly Version[] {
    return this.#versions.get(id) ?? [];
  }

  /** The states that it had from that clock on, beginning with the one that stood then. */
  versionsSince(id: ConversationId, clock: Micros): readonly Version[] {
    const versions = this.versions(id);
    const standing = versions.findLastIndex((version) => version.clock <= clock);
    return standing === -1 ? [{ clock: 0 as Micros, row: null }, ...versions] : versions.slice(standing);
  }

  /** Every message that the conversation has or had, in order of `seq`. */
  messages(id: ConversationId): readonly MessageFact[] {
    return [...(this.#messages.get(id)?.values() ?? [])];
  }

  /** Whether it was deleted at any time, whatever it is now. */
  wasDeleted(id: ConversationId): boolean {
    return this.#deleted.has(id);
  }

  /** Conversations that were there and are not any more, in the order of their making. */
  deletedIds(): ConversationId[] {
    return [...this.#versions].filter(([, versions]) => versions.at(-1)?.row === null).map(([id]) => id);
  }

  /** Somebody asks for a deleted conversation back. */
  allowReturn(id: ConversationId): void {
    this.#mayReturn.add(id);
  }

  /** Somebody erases it: no restore brings it back. */
  erased(id: ConversationId): void {
    this.#erased.add(id);
  }

  /** History is another one from here on: what was committed since the backup never happened. */
  rewound(): void {
    this.era += 1;
    for (const facts of this.#messages.values()) {
      for (const { id, isLive } of facts.values()) if (!isLive) this.#replacedBefore.add(id);
    }
    this.#versions.clear();
    this.#messages.clear();
    this.#erased.clear();
    this.#deleted.clear();
    this.#last = null;
    this.#first = null;
    this.clock = 0 as Micros;
  }

  /** Reads what was committed since the last observation [SYNC-2, SYNC-3, SYNC-10]. */
  async observe(engine: Engine): Promise<void> {
    const before = this.#last;
    const now = await this.#answers.readWhole(engine);
    if (before) await this.#answers.compare(engine, { before, now, isRecent: true });
    const clock = parseTimestamp(now.serverTime) ?? (0 as Micros);
    must(clock >= this.clock, "CLOCK-1", () => `the clock went back from ${this.clock} to ${clock}`);
    this.clock = clock;
    this.#last = now;
    this.#first ??= { ...now, rows: new Map(now.rows) };
    const changed = new Set<ConversationId>();
    for (const [id, row] of now.rows) {
      if (this.#record(id, row)) changed.add(id);
    }
    for (const id of before?.rows.keys() ?? []) if (!now.rows.has(id)) this.#record(id, null);
    for (const id of changed) await this.#readMessages(engine, id);
  }

  /** Whoever comes back with the oldest answer catches up as well, or is given a whole one [SYNC-5]. */
  async checkOldest(engine: Engine): Promise<void> {
    if (this.#first && this.#last && this.#first.serverTime !== this.#last.serverTime) {
      await this.#answers.compare(engine, { before: this.#first, now: this.#last, isRecent: false });
    }
  }

  /** Whether a device of that epoch and clock is given everything. */
  isWholeFor(engine: Engine, known: { readonly epoch: string; readonly since: Micros }): Promise<boolean> {
    return this.#answers.isWholeFor(engine, known);
  }

  /** Its states; once its tombstone has gone, its id is as good as new [SYNC-5]. */
  #remembered(id: ConversationId): Version[] {
    const versions = this.#versions.get(id) ?? [];
    const last = versions.at(-1);
    const isForgotten = last?.row === null && this.clock - last.clock > TOMBSTONE_DAYS * DAY_MICROS;
    if (isForgotten) this.#messages.delete(id);
    return isForgotten ? [] : versions;
  }

  /** Returns whether its messages may have changed. */
  #record(id: ConversationId, row: CompleteRow | null): boolean {
    const versions = this.#remembered(id);
    const last = versions.at(-1);
    if (last && JSON.stringify(last.row) === JSON.stringify(row)) return false;
    this.#versions.set(id, versions);
    if (row && last?.row === null) {
      const mayReturn = this.#mayReturn.has(id) && !this.#erased.has(id);
      must(mayReturn, "SYNC-2", () => `${id} was deleted, and is there again without a restore`);
    }
    versions.push({ clock: this.clock, row });
    if (row === null) this.#deleted.add(id);
    const before = versions.findLast((version, index) => index < versions.length - 1 && version.row !== null)?.row;
    if (row && before) checkChange(before, row);
    return row !== null && (row.last_seq !== before?.last_seq || row.message_count !== before.message_count);
  }

  async #readMessages(engine: Engine, id: ConversationId): Promise<void> {
    const detail = await engine.open(this.#accountId, id, MESSAGE_LIMIT);
    if (isRefusal(detail)) throw new Violation("SYNC-2", `a live conversation can't be opened: ${detail.refused}`);
    const facts = this.#messages.get(id) ?? new Map<number, MessageFact>();
    this.#messages.set(id, facts);
    for (const fact of facts.values()) {
      fact.isLive = false;
      fact.replacedAt ??= this.clock;
    }
    for (const message of detail.messages) {
      const known = facts.get(message.seq);
      must(
        known === undefined || known.id === message.id,
        "MSG-1",
        () => `seq ${message.seq} of ${id} was given twice`,
      );
      const isBack = [...facts.values()].some(({ id: other, seq }) => other === message.id && seq < message.seq);
      facts.set(message.seq, toFact(message, isBack || this.#replacedBefore.has(message.id)));
    }
    checkCounts(detail, detail.messages);
  }
}

function toFact(message: Message, isBack: boolean): MessageFact {
  return {
    seq: message.seq,
    id: message.id,
    role: message.role,
    text: message.content,
    clientMessageId: message.client_message_id ?? null,
    isBack,
    isLive: true,
    replacedAt: null,
  };
}

function checkChange(before: CompleteRow, after: CompleteRow): void {
  const { id } = after;
  const isMoved = before.updated_at !== after.updated_at;
  const hasMessages = before.last_seq !== after.last_seq || before.message_count !== after.message_count;
  must(!isMoved || hasMessages, "LIST-1", () => `${id} moved in the list without a message`);
  must(after.last_seq >= before.last_seq, "MSG-1", () => `last_seq of ${id} went back`);
  must(after.read_seq >= before.read_seq, "DEV-3", () => `the read position of ${id} went back to ${after.read_seq}`);
}

function checkCounts(row: CompleteRow, messages: readonly Message[]): void {
  const { id } = row;
  const unread = messages.filter(({ seq }) => seq > row.read_seq).length;
  const newest = messages.at(-1)?.seq ?? 0;
  must(
    row.message_count === messages.length,
    "MSG-1",
    () => `${id} says ${row.message_count} of ${messages.length} messages`,
  );
  must(row.unread_count === unread, "DEV-3", () => `${id} says ${row.unread_count} of ${unread} unread messages`);
  must(row.last_seq >= newest, "MSG-1", () => `${id} says last_seq ${row.last_seq} and has ${newest}`);
}
