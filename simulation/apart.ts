/** Two accounts on one server: whatever belongs to one of them is never in an answer to the other, and wakes nothing of it [SYNC-9]. */
import { type AccountId, type ConversationId, parseTimestamp, type ReplyId, type SyncResponse } from "@instep/protocol";
import type { LocalStore } from "@instep/sync-client";
import { type Engine, isRefusal } from "@instep/sync-server";
import { must } from "./violation.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** The steps of the second account are numbered from here on, so that whatever is written in them tells whose it is. */
export const NEIGHBOURS_STEPS = 1_000_000;

const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const TEXT = /\b(?:Message|step) (\d+)/g;

/** No conversation's and no reply's id. */
const NOTHING = "00000000-0000-4000-8000-000000000000";

type SyncCall = Parameters<Engine["sync"]>;

/** Stands between the accounts and the engine, and knows whose everything is. */
export class Apart {
  readonly #time: VirtualTime;
  readonly #neighbourId: AccountId;
  readonly #owners = new Map<string, AccountId>();
  readonly #conversations = new Map<AccountId, Set<string>>();
  readonly #replies = new Map<AccountId, Set<string>>();
  readonly #report: (check: () => void) => void;
  #engine: Engine | null = null;

  constructor(options: {
    readonly time: VirtualTime;
    readonly neighbourId: AccountId;
    /** Keeps what a check says that runs inside of a call. */
    readonly report: (check: () => void) => void;
  }) {
    this.#time = options.time;
    this.#neighbourId = options.neighbourId;
    this.#report = options.report;
  }

  /** The engine, every call and answer of which is looked at. */
  watch(engine: Engine): Engine {
    this.#engine = engine;
    return new Proxy(engine, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== "function") return method;
        return (...inputs: unknown[]): unknown => this.#call(inputs, name, () => Reflect.apply(method, target, inputs));
      },
    });
  }

  /** What an account is told, or keeps, is nobody else's. */
  see(accountId: AccountId, where: string, value: unknown): void {
    this.#report(() => {
      const json = JSON.stringify(value) ?? "";
      for (const [id] of json.matchAll(ID)) {
        const owner = this.#owners.get(id) ?? accountId;
        this.#owners.set(id, owner);
        must(owner === accountId, "SYNC-9", () => `${where} of ${accountId} has ${id}, which is another account's`);
      }
      for (const [text, number] of json.matchAll(TEXT)) {
        const isNeighbours = Number(number) >= NEIGHBOURS_STEPS;
        const isOwn = isNeighbours === (accountId === this.#neighbourId);
        must(isOwn, "SYNC-9", () => `${where} of ${accountId} has "${text}", which another account wrote`);
      }
    });
  }

  /** What a browser keeps is its account's. */
  async checkStored(accountId: AccountId, store: LocalStore | null): Promise<void> {
    if (store === null) return;
    this.see(accountId, "a store", [await store.loadList(), await store.loadOutbox()]);
    for (const id of this.#owners.keys()) this.see(accountId, "a store", await store.loadMessages(id));
  }

  /** Somebody who has heard of another account's ids gets what everybody gets for an id that there isn't, and changes nothing. */
  async trespass(accountId: AccountId, place: number): Promise<void> {
    const engine = this.#engine;
    const id = pick(this.#foreign(this.#conversations, accountId), place);
    const replyId = pick(this.#foreign(this.#replies, accountId), place) ?? NOTHING;
    if (!engine || id === undefined) return;
    const [told, unknown] = [
      await askAll(engine, accountId, [id as ConversationId, replyId as ReplyId]),
      await askAll(engine, accountId, [NOTHING as ConversationId, NOTHING as ReplyId]),
    ];
    must(
      told === unknown,
      "SYNC-9",
      () => `another account's ${id} is answered by ${told}, an unknown id by ${unknown}`,
    );
  }

  #call(inputs: readonly unknown[], name: string | symbol, run: () => unknown): unknown {
    const [accountId] = inputs;
    if (typeof accountId !== "string") return run();
    const asker = accountId as AccountId;
    const where = `the answer to ${String(name)}`;
    this.see(asker, `a call of ${String(name)}`, inputs);
    const held = name === "sync" ? this.#holds(inputs as SyncCall) : () => {};
    const answered = run();
    if (!(answered instanceof Promise)) {
      this.see(asker, where, answered);
      return answered;
    }
    return answered.then((answer: unknown) => {
      held(answer);
      if (isStream(answer)) return this.#seenStream(asker, answer);
      this.#remember(asker, answer);
      this.see(asker, where, answer);
      return answer;
    });
  }

  /** A question that waits is answered by its time, by news of its own account, or by a server that stops: by nothing else [WAIT-1]. */
  #holds([accountId, { since, waitS }, signal]: SyncCall): (answer: unknown) => void {
    const askedAt = this.#time.now();
    return (answer) => {
      const heldMs = this.#time.now() - askedAt;
      if (waitS === 0 || since === null || signal?.aborted || !isSyncAnswer(answer)) return;
      // What the engine wrote is what travels: the type is the wire's.
      const response = JSON.parse(answer.json) as SyncResponse;
      const isEmpty = response.conversations.length + response.deleted_ids.length === 0 && !response.is_full_sync;
      const isIdle = isEmpty && parseTimestamp(response.server_time) === since && answer.retryAfterS === null;
      this.#report(() => {
        must(!isIdle || heldMs >= waitS * 1000 - 1, "SYNC-9", () => {
          return `a question of ${accountId} was answered after ${heldMs} ms, and nothing of its account had changed`;
        });
      });
    };
  }

  #seenStream(accountId: AccountId, stream: AsyncIterable<unknown>): AsyncIterable<unknown> {
    return {
      [Symbol.asyncIterator]: () => {
        const events = stream[Symbol.asyncIterator]();
        return {
          next: async () => {
            const event = await events.next();
            this.see(accountId, "a reply's stream", event);
            return event;
          },
          return: async () => (await events.return?.()) ?? { done: true, value: undefined },
        };
      },
    };
  }

  #remember(accountId: AccountId, answer: unknown): void {
    if (typeof answer !== "object" || answer === null) return;
    const add = (known: Map<AccountId, Set<string>>, id: unknown): void => {
      if (typeof id === "string") known.set(accountId, (known.get(accountId) ?? new Set()).add(id));
    };
    add(this.#conversations, Reflect.get(answer, "conversationId"));
    add(this.#replies, Reflect.get(answer, "replyId"));
    const made: unknown = Reflect.get(answer, "conversation");
    if (typeof made === "object" && made !== null) add(this.#conversations, Reflect.get(made, "id"));
  }

  #foreign(known: ReadonlyMap<AccountId, ReadonlySet<string>>, accountId: AccountId): string[] {
    return [...known].filter(([owner]) => owner !== accountId).flatMap(([, ids]) => [...ids]);
  }
}

function isStream(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;
}

function isSyncAnswer(answer: unknown): answer is { readonly json: string; readonly retryAfterS: number | null } {
  return typeof answer === "object" && answer !== null && "json" in answer && "retryAfterS" in answer;
}

/** How every call that takes a conversation is answered. */
async function askAll(
  engine: Engine,
  who: AccountId,
  [id, replyId]: readonly [ConversationId, ReplyId],
): Promise<string> {
  const outcomes: readonly unknown[] = [
    await engine.open(who, id, 10),
    await engine.messages(who, id, { before: null, after: 0, limit: 10 }),
    await engine.patch(who, id, { title: "Taken over" }),
    await engine.markRead(who, id, { seq: 1 }),
    await engine.unreadAfter(who, id, 0),
    await engine.trash(who, id),
    await engine.restore(who, id),
    await engine.erase(who, id),
    await engine.viewReply(who, { conversationId: id, replyId, after: 0 }, new AbortController().signal),
    await engine.stopReply(who, id, replyId),
  ];
  return JSON.stringify(outcomes.map((outcome) => (isRefusal(outcome) ? outcome.refused : "done")));
}

function pick(ids: readonly string[], place: number): string | undefined {
  return ids[place % Math.max(1, ids.length)];
}
