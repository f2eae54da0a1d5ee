/** Devices of a test: they ask the engine as a device would, and keep what they were told. */
import {
  compactRow,
  parseTimestamp,
  type AccountId,
  type ConversationId,
  type Micros,
  type SyncResponse,
  type SyncRow,
} from "@instep/protocol";
import { expect } from "vitest";
import type { Engine, WrittenSync, SyncQuery } from "../src/engine.ts";
import { must, OPTIONS, uuid, type TurnWorld, type VirtualWorld } from "./turn-world.ts";

const EVERYTHING: SyncQuery = {
  since: null,
  full: false,
  epoch: null,
  waitS: 0,
  limit: 1000,
  page: null,
  ifNoneMatch: null,
};

export interface Asked extends SyncResponse {
  readonly etag: string | null;
  readonly retryAfterS: number | null;
}

type Who = Pick<TurnWorld, "engine" | "accountId">;

/** Asks, and reads the answer. Fails on a refusal and on a 304. */
export async function ask(who: Who, question: Partial<SyncQuery> = {}, signal?: AbortSignal): Promise<Asked> {
  return readAnswer(must(await who.engine.sync(who.accountId, { ...EVERYTHING, ...question }, signal)));
}

/** Asks, and returns whatever comes. */
export function tryAsk(who: Who, question: Partial<SyncQuery> = {}) {
  return who.engine.sync(who.accountId, { ...EVERYTHING, ...question });
}

function readAnswer(answer: WrittenSync): Asked {
  if (answer.kind !== "answer") throw new Error("The answer was a 304");
  const { etag, retryAfterS } = answer;
  return { ...(JSON.parse(answer.json) as SyncResponse), etag, retryAfterS };
}

/** So many conversations without a message, made at once. */
export async function importEmpty(world: Pick<VirtualWorld, "engine" | "accountId" | "environment">, count: number) {
  const at = world.environment.now();
  const rest = {
    title: "Many",
    model: null,
    pinned: false,
    archived: false,
    createdAt: at,
    updatedAt: at,
    messages: [],
  };
  const ids = Array.from({ length: count }, () => uuid() as ConversationId);
  await world.engine.importConversations(
    world.accountId,
    ids.map((id) => ({ ...rest, id })),
  );
  return ids;
}

/** A wire timestamp as the clock's number. */
export function micros(timestamp: string): Micros {
  const parsed = parseTimestamp(timestamp);
  if (parsed === null) throw new Error(`${timestamp} is no timestamp`);
  return parsed;
}

/** A device that keeps rows by id, and asks by its watermark. */
export class Device {
  readonly rows = new Map<string, SyncResponse["conversations"][number]>();
  readonly #who: Who;
  since: Micros | null = null;
  epoch: string | null = null;

  constructor(who: Who) {
    this.#who = who;
  }

  /** Everything, page by page; nothing else is kept. */
  async syncFully(limit = 1000): Promise<void> {
    this.rows.clear();
    let answer = await ask(this.#who, { full: true, limit });
    this.#take(answer);
    while (answer.next_page !== null) {
      const { server_time } = answer;
      answer = await ask(this.#who, { page: answer.next_page, limit });
      expect(answer.server_time).toBe(server_time);
      this.#take(answer);
    }
    expect(answer.has_more).toBe(false);
  }

  /** What changed, page by page, until there is no more. */
  async syncChanges(limit = 1000): Promise<readonly Asked[]> {
    const answers: Asked[] = [];
    for (let hasMore = true; hasMore;) {
      const answer = await ask(this.#who, { since: this.since, epoch: this.epoch, limit });
      expect(answer.is_full_sync).toBe(false);
      expect(answer.conversations.length + answer.deleted_ids.length).toBeLessThanOrEqual(limit);
      this.#take(answer);
      answers.push(answer);
      hasMore = answer.has_more;
    }
    return answers;
  }

  /** Whether the server would rather tell everything: the watermark is from before the horizon [SYNC-5]. */
  async isBeyondHorizon(): Promise<boolean> {
    return (await ask(this.#who, { since: this.since, epoch: this.epoch, limit: 1 })).is_full_sync;
  }

  #take(answer: SyncResponse): void {
    for (const row of answer.conversations) this.rows.set(row.id, row);
    for (const id of answer.deleted_ids) this.rows.delete(id);
    this.since = micros(answer.server_time);
    this.epoch = answer.epoch;
  }
}

/** [SYNC-10] What the device made of its changes is what a fresh one is given. */
export async function expectInStep(who: Who, device: Device): Promise<void> {
  const fresh = new Device(who);
  await fresh.syncFully();
  expect(sorted(device)).toEqual(sorted(fresh));
  expect(device.since).toBe(fresh.since);
  expect(sorted(fresh)).toEqual(await listedRows(who));
}

/** [SYNC-0] The rows that a sync answer must have, made of the lists' summaries by the wire's own rule. */
async function listedRows(who: Who): Promise<readonly SyncRow[]> {
  const { defaultModel } = OPTIONS;
  const lists = [false, true].map(async (archived) =>
    must(await who.engine.list(who.accountId, { limit: 1000, cursor: null, archived })),
  );
  const summaries = (await Promise.all(lists)).flatMap((list) => list.conversations);
  return summaries.map((summary) => compactRow(summary, String(defaultModel))).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Makes a conversation with that many messages. */
export async function conversationWith(
  who: { readonly engine: Engine; readonly accountId: AccountId },
  messages: number,
  title = "Untitled",
): Promise<ConversationId> {
  const id = uuid() as ConversationId;
  must(await who.engine.create(who.accountId, { id, title }));
  for (let n = 1; n <= messages; n += 1) {
    must(await who.engine.append(who.accountId, id, { role: "user", content: `message ${n}` }));
  }
  return id;
}

function sorted(device: Device) {
  return [...device.rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
