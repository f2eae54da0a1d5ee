/** The engine's answers to one account, asked as no device asks: whole ones, and the increments that must lead from one to the next. */
import {
  type AccountId,
  type CompleteRow,
  type ConversationId,
  expandRow,
  type Micros,
  parseTimestamp,
  type SyncResponse,
} from "@instep/protocol";
import { type Engine, isRefusal } from "@instep/sync-server";
import { FIRST_MODEL } from "./api.ts";
import { must, Violation } from "./violation.ts";

/** A whole answer. */
export interface WholeAnswer {
  readonly rows: Map<ConversationId, CompleteRow>;
  serverTime: string;
}

/** `isRecent`: no other whole answer came between, so that each row of the increments is news. */
interface Compared {
  readonly before: WholeAnswer;
  readonly now: WholeAnswer;
  readonly isRecent: boolean;
}

export class AccountAnswers {
  /** The epoch of the last whole answer. */
  epoch = "";
  readonly #accountId: AccountId;

  constructor(accountId: AccountId) {
    this.#accountId = accountId;
  }

  async readWhole(engine: Engine): Promise<WholeAnswer> {
    const rows = new Map<ConversationId, CompleteRow>();
    let page: string | null = null;
    for (;;) {
      const answer = await this.#ask(engine, { since: null, page });
      must(answer.is_full_sync && answer.deleted_ids.length === 0, "SYNC-1", () => "a full answer has deletions");
      for (const row of answer.conversations) rows.set(row.id as ConversationId, expandRow(row, FIRST_MODEL));
      this.epoch = answer.epoch;
      page = answer.next_page;
      if (!answer.has_more) return { rows, serverTime: answer.server_time };
    }
  }

  /** The increments since an older whole answer lead to the newer one, and say nothing that isn't news [SYNC-3, SYNC-10]. */
  async compare(engine: Engine, { before, now, isRecent }: Compared): Promise<void> {
    const rows = new Map(before.rows);
    const takeRow = isRecent ? putNews : put;
    const takeDeletion = isRecent ? removeNews : remove;
    let since = before.serverTime;
    for (let more = true; more;) {
      const answer = await this.#ask(engine, { since: parseTimestamp(since), page: null });
      if (answer.is_full_sync) return;
      for (const row of answer.conversations) takeRow(rows, expandRow(row, FIRST_MODEL));
      for (const id of answer.deleted_ids) takeDeletion(rows, id as ConversationId);
      must(answer.server_time >= since, "SYNC-3", () => `server_time went back from ${since} to ${answer.server_time}`);
      since = answer.server_time;
      more = answer.has_more;
    }
    must(since === now.serverTime, "SYNC-3", () => `increments end at ${since}, the whole answer at ${now.serverTime}`);
    const [summed, whole] = [describe(rows), describe(now.rows)];
    must(summed === whole, "SYNC-10", () => `snapshot plus changes is\n${summed}\nbut a fresh snapshot is\n${whole}`);
  }

  /** Whether a device of that epoch and clock is given everything. */
  async isWholeFor(engine: Engine, known: { readonly epoch: string; readonly since: Micros }): Promise<boolean> {
    const { is_full_sync: isFull } = await this.#ask(engine, { since: known.since, page: null }, known.epoch);
    return isFull;
  }

  async #ask(
    engine: Engine,
    question: { readonly since: Micros | null; readonly page: string | null },
    epoch = this.epoch,
  ): Promise<SyncResponse> {
    const outcome = await engine.sync(this.#accountId, {
      ...question,
      full: question.since === null,
      epoch: question.since === null ? null : epoch,
      waitS: 0,
      limit: 2,
      ifNoneMatch: null,
    });
    if (isRefusal(outcome)) throw new Violation("SYNC-7", `a good question was refused: ${outcome.refused}`);
    if (outcome.kind === "not-modified") throw new Violation("SYNC-8", "not modified, and no tag was given");
    // The engine wrote it: the type is the wire's.
    return JSON.parse(outcome.json) as SyncResponse;
  }
}

type Rows = Map<ConversationId, CompleteRow>;

function put(rows: Rows, row: CompleteRow): void {
  rows.set(row.id as ConversationId, row);
}

function remove(rows: Rows, id: ConversationId): void {
  rows.delete(id);
}

function putNews(rows: Rows, row: CompleteRow): void {
  const isNews = JSON.stringify(rows.get(row.id as ConversationId)) !== JSON.stringify(row);
  must(isNews, "SYNC-3", () => `${row.id} comes again, and nothing of it has changed`);
  put(rows, row);
}

function removeNews(rows: Rows, id: ConversationId): void {
  must(rows.has(id), "SYNC-3", () => `the deletion of ${id} comes again`);
  remove(rows, id);
}

function describe(rows: ReadonlyMap<ConversationId, CompleteRow>): string {
  return [...rows.values()]
    .sort((one, other) => (one.id < other.id ? -1 : 1))
    .map((row) => JSON.stringify(row))
    .join("\n");
}
