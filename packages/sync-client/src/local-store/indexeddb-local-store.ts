/** The local store in IndexedDB: one database an account, rows and watermark in one transaction. */
import type { Message } from "@instep/protocol";
import type { Environment } from "../environment.ts";
import { type Outgoing, withFindings } from "../outbox/outbox.ts";
import { isSameRecord } from "../same-record.ts";
import { laterBaseline } from "../unread.ts";
import { continues, isAbreast, isListOutdated, MAX_CONVERSATIONS, type ListPosition } from "./continuity.ts";
import { Connection, type OpenStores, settled } from "./indexeddb.ts";
import type { Emptied, LocalStore, StoredConversation, StoredList } from "./local-store.ts";

/** Part of the name: what another version has stored is left alone, and can be had from the server again. */
const VERSION = 1;
const WATERMARK = "watermark";

interface StoredMessages {
  readonly id: string;
  readonly messages: readonly Message[];
  readonly savedAt: number;
}

/**
 * Opens an account's store when it is first used, and again where the browser has closed it. Where IndexedDB is missing, forbidden,
 * full or damaged, every method does nothing: the device works as it does on its first visit.
 */
export function indexedDbLocalStore(
  factory: IDBFactory | undefined,
  accountId: string,
  { now }: Pick<Environment, "now">,
): LocalStore {
  const connection = new Connection(factory, `instep-${VERSION}-${accountId}`);
  const read = <T>(work: (stores: OpenStores) => Promise<T>): Promise<T | null> => connection.run("readonly", work);
  const write = async (work: (stores: OpenStores) => Promise<unknown>): Promise<void> => {
    await connection.run("readwrite", work);
  };
  const readOutbox = async <T>(work: (stores: OpenStores) => Promise<T>): Promise<T | Emptied | null> => {
    const result = await read(work);
    return connection.wasEmptied() ? "emptied" : result;
  };
  return {
    loadList: () => read(loadList),
    saveList: (list) => write((stores) => saveList(stores, list)),
    saveChange: async (change) => {
      const isStored = await connection.run("readwrite", async (stores) => {
        const verdict = continues(await positionOf(stores), change);
        if (verdict !== "next") return verdict === "old";
        for (const each of change.put) putRow(stores, each, await rowOf(stores, each.row.id));
        for (const id of change.removed) stores("rows").delete(id);
        putPosition(stores, change);
        return true;
      });
      return isStored ?? false;
    },
    saveSeen: (seen, position) =>
      write(async (stores) => {
        const stored = await positionOf(stores);
        // Numbers of another history say nothing of this one's [EPOCH-1].
        if (stored && stored.epoch !== position.epoch) return;
        const canAdd = isAbreast(stored, position);
        for (const each of seen) {
          const known = await rowOf(stores, each.row.id);
          if (known) putRow(stores, { row: known.row, baseline: each.baseline }, known);
          else if (canAdd) putRow(stores, each, undefined);
        }
      }),
    loadMessages: (id) =>
      read(async (stores) => {
        const stored: StoredMessages | undefined = await settled(stores("messages").get(id));
        return Array.isArray(stored?.messages) ? stored.messages : null;
      }),
    saveMessages: (id, messages) => write((stores) => saveMessages(stores, { id, messages, savedAt: now() })),
    removeMessages: (ids) =>
      write(async (stores) => {
        for (const id of ids) stores("messages").delete(id);
      }),
    loadOutbox: () =>
      readOutbox(async (stores) => {
        const stored: Outgoing[] = await settled(stores("outbox").getAll());
        return stored.sort((one, other) => one.order - other.order);
      }),
    loadOutgoing: (id) => readOutbox((stores) => outgoingOf(stores, id)),
    saveOutgoing: async (put, removed) => {
      const isStored = await connection.run("readwrite", async (stores) => {
        for (const entry of put) stores("outbox").put(withFindings(entry, await outgoingOf(stores, entry.id)));
        for (const id of removed) stores("outbox").delete(id);
        return true;
      });
      return isStored ?? false;
    },
    clear: () =>
      write(async (stores) => {
        for (const name of ["rows", "meta", "messages", "outbox"] as const) stores(name).clear();
      }),
    close: () => connection.close(),
  };
}

/** The account's store in this browser. */
export function browserLocalStore(accountId: string, environment: Pick<Environment, "now">): LocalStore {
  return indexedDbLocalStore(globalThis.indexedDB, accountId, environment);
}

async function loadList(stores: OpenStores): Promise<StoredList | null> {
  const position = await positionOf(stores);
  return position && { ...position, conversations: await allRows(stores) };
}

async function saveList(stores: OpenStores, list: StoredList): Promise<void> {
  const stored = await positionOf(stores);
  if (isListOutdated(stored, list)) return;
  const isSameEpoch = stored?.epoch === list.epoch;
  const known = new Map(isSameEpoch ? (await allRows(stores)).map((each) => [each.row.id, each]) : []);
  if (!isSameEpoch) stores("rows").clear();
  // Of what another history had, nothing may be shown again [EPOCH-1].
  if (stored && !isSameEpoch) stores("messages").clear();
  for (const each of list.conversations) {
    putRow(stores, each, known.get(each.row.id));
    known.delete(each.row.id);
  }
  for (const id of known.keys()) stores("rows").delete(id);
  putPosition(stores, list);
}

async function saveMessages(stores: OpenStores, entry: StoredMessages): Promise<void> {
  const byAge = await settled(stores("messages").index("savedAt").getAllKeys());
  const others = byAge.filter((key) => key !== entry.id);
  for (const key of others.slice(0, Math.max(0, others.length + 1 - MAX_CONVERSATIONS))) stores("messages").delete(key);
  stores("messages").put(entry);
}

/** Null where there is none, or it is none that this version can use. */
async function positionOf(stores: OpenStores): Promise<ListPosition | null> {
  const stored: ListPosition | undefined = await settled(stores("meta").get(WATERMARK));
  const isUsable = typeof stored?.serverTime === "string" && typeof stored.epoch === "string";
  return isUsable ? stored : null;
}

function putPosition(stores: OpenStores, { serverTime, epoch }: ListPosition): void {
  stores("meta").put({ serverTime, epoch }, WATERMARK);
}

function rowOf(stores: OpenStores, id: string): Promise<StoredConversation | undefined> {
  return settled(stores("rows").get(id));
}

function outgoingOf(stores: OpenStores, id: string): Promise<Outgoing | undefined> {
  return settled(stores("outbox").get(id));
}

async function allRows(stores: OpenStores): Promise<StoredConversation[]> {
  return settled(stores("rows").getAll());
}

/** What another tab has seen of it stays seen. Nothing is written where that is what stands: lists are long. */
function putRow(
  stores: OpenStores,
  { row, baseline }: StoredConversation,
  known: StoredConversation | undefined,
): void {
  if (!known) return void stores("rows").put({ row, baseline });
  const later = laterBaseline(known.baseline, baseline);
  if (isSameRecord(row, known.row) && isSameRecord(later, known.baseline)) return;
  stores("rows").put({ row, baseline: later });
}
