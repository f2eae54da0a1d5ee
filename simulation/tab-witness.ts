/** Hears what one tab asks and what is delivered to it, and keeps the oracle's account of what it can know. */
import {
  type ConversationDetail,
  type ConversationId,
  type ConversationSummary,
  expandRow,
  type Message,
  type MessagePage,
  type Micros,
  parseTimestamp,
  type Send,
  type SyncResponse,
  type SyncRow,
  type TurnEvent,
} from "@instep/protocol";
import type { EventStream, SyncAnswer, SyncQuestion } from "@instep/sync-client";
import type { TabMessage } from "../packages/sync-client/src/tabs/tabs.ts";
import { FIRST_MODEL } from "./api.ts";
import type { Knowledge } from "./knowledge.ts";
import { AskingPace } from "./asking-pace.ts";
import { OwnReplies } from "./own-replies.ts";
import { must } from "./violation.ts";

export interface TabWitnessOptions {
  readonly name: string;
  /** True time in milliseconds. */
  readonly now: () => number;
  readonly knowledge: Knowledge;
  /** Up to where the tab is told everything: what another tab was answered may have moved it on. */
  readonly position: () => { readonly serverTime: string | null; readonly epoch: string | null };
  /** The conversation on screen, by what the person did. */
  readonly onScreen: () => string | null;
  /** Whether it is on screen, and the page can be seen. */
  readonly isLookedAt: (id: string) => boolean;
  /** The `server_time`s up to which this browser was told everything: those of last pages. */
  readonly complete: Set<string>;
  /** Called when the tab says, by asking, that it knows everything up to there; `leftAt`: when it had asked for that itself, or null. */
  readonly onClaim: (since: Micros, epoch: string | null, leftAt: number | null) => void;
  /** Whether the reply answers a send of this very tab, which waits for its end. */
  readonly isReading: (id: string, replyId: string) => boolean;
  /** Called for each send, by the text's own client message id. */
  readonly onSend: (clientMessageId: string) => void;
}

/** What the end of a turn tells. */
interface EndedTurn {
  readonly last_seq: number;
  readonly message: Pick<Message, "id" | "seq"> | null;
  /** The message is no reply to this turn, but what was there before it [MSG-5]. */
  readonly brought_back?: number;
  readonly code?: string;
}

export class TabWitness {
  readonly options: TabWitnessOptions;
  readonly ownReplies = new OwnReplies();
  /** The device was told to stop: it asks no more [DEV-2]. */
  isStopped = false;
  /** The page was hidden for so long that the next question is for everything [DEV-1]. */
  expectsFull = false;
  /** Where an increment was continued from. */
  readonly #partial = new Set<string>();
  readonly #unsure = new Set<string>();
  readonly #givenBack = new Set<string>();
  /** The conversations of replies that run, as far as this tab was told. */
  readonly #replies = new Map<string, ConversationId>();
  /** What was loaded and may not be shown: up to which message it reached, and how far it is seen where that one is on screen. */
  readonly #loaded = new Map<string, { readonly until: number; readonly lastSeq: number }>();
  #claimed: { readonly since: Micros; readonly epoch: string | null } | null = null;
  #pages: SyncRow[] = [];
  #isListWhole = false;
  readonly #pace = new AskingPace();
  #leftAt = 0;
  /** When the questions left whose answers reached up to there. */
  readonly #answeredTo = new Map<string, number>();

  constructor(options: TabWitnessOptions) {
    this.options = options;
  }

  /** A sync question leaves; returns what hears its answer. */
  asks(question: SyncQuestion): (answer: SyncAnswer) => void {
    const { name, onClaim, complete } = this.options;
    const since = question.since === null ? null : parseTimestamp(question.since);
    if (since !== null) {
      this.#isListWhole = true;
      const last = this.#claimed;
      const isForward = last === null || since >= last.since || question.epoch !== last.epoch;
      must(isForward, "SYNC-3", () => `${name} went back from ${last?.since} to ${since} in one epoch`);
      this.#claimed = { since, epoch: question.epoch };
      // Between the pages of an increment, what changed again meanwhile is still to come [SYNC-4].
      const isWhole = question.since !== null && complete.has(question.since) && !this.#partial.has(question.since);
      if (isWhole) onClaim(since, question.epoch, this.#answeredTo.get(question.since ?? "") ?? null);
    }
    this.#pace.asks(name, this.options.now());
    must(!this.isStopped, "DEV-2", () => `${name} was stopped, and asks`);
    const isContinued = question.page !== null;
    must(!this.expectsFull || isContinued || since === null, "DEV-1", () => {
      return `${name} was hidden for long, and asks for an increment since ${question.since}`;
    });
    if (since === null) this.expectsFull = false;
    if (question.page === null) {
      // Later pages are of the first one's time.
      this.#leftAt = this.options.now();
      this.#pages = [];
    }
    return (answer) => {
      if (answer.kind === "answer") this.#answered(answer.response, question.since);
    };
  }

  /** History was rewound: how far pages reached says nothing of the one that there is. */
  rewound(): void {
    this.#loaded.clear();
  }

  /** A page of the list; once the tab has all of it, a page teaches nothing. */
  listed(rows: readonly SyncRow[]): void {
    if (!this.#isListWhole) this.#finds(rows);
  }

  /** The person took it out of the trash here; what is in it is no news. */
  restored({ id, last_seq: lastSeq }: ConversationSummary): void {
    this.options.knowledge.discovers(id as ConversationId, lastSeq);
  }

  opened(id: ConversationId, detail: ConversationDetail, messageLimit: number): void {
    this.options.knowledge.knows(id);
    if (this.options.onScreen() === id) this.#unsure.delete(id);
    if (detail.active_reply) this.#replies.set(detail.active_reply.reply_id, id);
    // A look at one message is for something else than for showing it.
    if (messageLimit > 1) this.#mayShow(id, detail.messages.at(-1)?.seq ?? 0, detail.last_seq);
    else this.options.knowledge.mayHaveSeen(id, detail.last_seq);
  }

  paged(id: ConversationId, page: MessagePage): void {
    const seq = page.messages.at(-1)?.seq ?? 0;
    this.#mayShow(id, seq, seq);
  }

  /**
   * Its conversation is on screen with messages up to `seq`: a page that didn't join on to what was there is not shown. Until it
   * `isSure` that they are of the history that there is, their numbers mean nothing.
   */
  showsUpTo(id: string, seq: number, isSure: boolean): void {
    const isLookedAt = this.options.isLookedAt(id);
    if (isSure && isLookedAt) this.options.knowledge.sees(id, seq);
    else this.options.knowledge.mayHaveSeen(id, seq);
    const loaded = this.#loaded.get(id);
    if (loaded === undefined || seq < loaded.until) return;
    this.#loaded.delete(id);
    // A hidden page shows what it is told of, and nobody sees it [DEV-5].
    if (isLookedAt) this.options.knowledge.sees(id, loaded.lastSeq);
  }

  /** The tab begins a conversation: no sync discovers it. */
  makes(id: string | undefined): void {
    if (id !== undefined) this.options.knowledge.knows(id);
  }

  toldReadPosition(id: ConversationId, readSeq: number): void {
    this.options.knowledge.mayHaveSeen(id, readSeq);
  }

  sendsTurn(id: ConversationId, send: Send): void {
    this.options.knowledge.knows(id);
    this.options.onSend(send.client_message_id);
  }

  /** Nothing says how much a turn left: a batch failed after its message was stored, or a send was taken back that may have arrived. */
  becomesUnsure(id: ConversationId): void {
    this.#unsure.add(id);
  }

  /** A send was given back to its person: a copy of it that is on its way still is news whenever it arrives. */
  givesBack(id: ConversationId): void {
    this.#givenBack.add(id);
  }

  /** Whether the tab can't know which messages of the conversation are its own. */
  isUnsure(id: string): boolean {
    return this.#unsure.has(id) || this.#givenBack.has(id);
  }

  /** A turn of its own has ended; a reply that ended where nobody looked is unread until it is shown [DEV-5], unless it went with its conversation. */
  turnEnded(id: ConversationId, { last_seq: lastSeq, message, brought_back: back, code }: EndedTurn): void {
    const isNews = back === undefined && code !== "conversation_deleted";
    const isUnseen = isNews && message?.seq === lastSeq && !this.options.isLookedAt(id);
    this.options.knowledge.sees(id, isUnseen ? lastSeq - 1 : lastSeq);
    if (message) this.ownReplies.ended(message.id, isUnseen);
  }

  /** A version is live again by this tab's own doing, and comes with what stands before it. */
  broughtBack(id: ConversationId, { messages }: MessagePage): void {
    this.options.knowledge.mayHaveSeen(id, messages.at(-1)?.seq ?? 0);
  }

  /** The server showed what had come meanwhile instead of taking a send. */
  toldStale(id: ConversationId, lastSeq: number): void {
    this.options.knowledge.mayHaveSeen(id, lastSeq);
  }

  /** A stream of events of this tab's own turn, or of one that it follows: `replyId`, or null where its start will tell. */
  watches(id: ConversationId, stream: EventStream, replyId: string | null): EventStream {
    let reply = replyId;
    if (reply !== null) this.#replies.set(reply, id);
    return {
      next: async () => {
        const event = await stream.next();
        if (event === null || event === "alive") return event;
        if (event.event === "start") this.#replies.set((reply = event.data.reply_id), id);
        if (reply !== null) this.#hears(reply, event);
        return event;
      },
      close: () => stream.close(),
    };
  }

  /** Another tab reads the reply, and tells what comes [DEV-13]; or was answered: a beginning is one here too, and what is whole there need not be here. */
  isFed(message: TabMessage): void {
    if (message.kind === "answered") this.#isToldOf(message.answered.response);
    if (message.kind === "reply-events") for (const event of message.events) this.#hears(message.replyId, event);
  }

  /** An answer that another tab had: what it says is gone, this one discovers anew where it comes back. */
  #isToldOf(response: SyncResponse): void {
    this.#isBegun(response);
    for (const id of response.deleted_ids) this.options.knowledge.forgets(id);
  }

  #hears(replyId: string, event: TurnEvent): void {
    const id = this.#replies.get(replyId);
    // The page may die before the end, which counts everything before it as seen [DEV-5].
    if (id && event.event === "start") this.options.knowledge.mayHaveSeen(id, event.data.user_message.seq);
    if (!id || (event.event !== "done" && event.event !== "error")) return;
    if (this.options.isReading(id, replyId)) this.turnEnded(id, event.data);
    else this.options.knowledge.mayHaveSeen(id, event.data.last_seq);
  }

  /** It was loaded: seen once its last message, `until`, is on screen, since an answer that a later word has overtaken may be asked for again. */
  #mayShow(id: ConversationId, until: number, lastSeq: number): void {
    this.options.knowledge.mayHaveSeen(id, lastSeq);
    if (lastSeq >= (this.#loaded.get(id)?.lastSeq ?? 0)) this.#loaded.set(id, { until, lastSeq });
  }

  /** Whether the answer is only the beginning of an increment, which is continued from there. */
  #isBegun({ has_more: hasMore, is_full_sync: isFull, server_time: serverTime }: SyncResponse): boolean {
    const isBegun = hasMore && !isFull;
    if (isBegun) this.#partial.add(serverTime);
    return isBegun;
  }

  #answered(response: SyncResponse, since: string | null): void {
    const { knowledge, complete } = this.options;
    if (!response.has_more) {
      complete.add(response.server_time);
      this.#answeredTo.set(response.server_time, this.#leftAt);
    }
    if (!this.#isBegun(response)) this.#partial.delete(response.server_time);
    if (!response.is_full_sync) {
      if (this.#isOvertaken(response)) return;
      for (const row of response.conversations) {
        const isOld = since !== null && row.updated_at <= since;
        this.#discovers(row, isOld ? expandRow(row, FIRST_MODEL).last_seq : 0);
      }
      for (const id of response.deleted_ids) knowledge.forgets(id);
      return;
    }
    this.#pages.push(...response.conversations);
    if (response.has_more) return;
    if (this.#isOvertaken(response)) return;
    if (this.options.position().epoch !== response.epoch) {
      for (const row of this.#pages) knowledge.standsIn(row.id, expandRow(row, FIRST_MODEL).last_seq);
    }
    const present = new Set(this.#pages.map(({ id }) => id));
    this.#isListWhole = true;
    this.#finds(this.#pages);
    for (const id of knowledge.knownIds()) if (!present.has(id)) knowledge.forgets(id);
  }

  /** What another tab's answer has overtaken is left alone, and comes again. */
  #isOvertaken(response: SyncResponse): boolean {
    const { serverTime, epoch } = this.options.position();
    return epoch === response.epoch && (serverTime ?? "") > response.server_time;
  }

  #finds(rows: readonly SyncRow[]): void {
    for (const row of rows) this.#discovers(row, expandRow(row, FIRST_MODEL).last_seq);
  }

  #discovers(row: SyncRow, seq: number): void {
    const { knowledge } = this.options;
    const id = row.id as ConversationId;
    knowledge.discovers(id, seq);
    knowledge.isTold(id, expandRow(row, FIRST_MODEL).read_seq);
  }
}
