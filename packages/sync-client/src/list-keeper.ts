/** Keeps the list on the device as answers change it: rows and watermark together. */
import type { ConversationId } from "@instep/protocol";
import { type Answered, type Change, type KnownConversation } from "./apply-sync.ts";
import type { ConversationStore } from "./conversation-store.ts";
import type { LocalStore, StoredConversation } from "./local-store/local-store.ts";

export class ListKeeper {
  readonly #localStore: LocalStore;
  readonly #store: ConversationStore;

  constructor(localStore: LocalStore, store: ConversationStore) {
    this.#localStore = localStore;
    this.#store = store;
  }

  /** Puts what an earlier page left into the empty store. */
  async load(): Promise<void> {
    const list = await this.#localStore.loadList();
    if (!list) return;
    const { serverTime, epoch } = list;
    const asOf = { epoch, time: serverTime };
    const entries = list.conversations.map(({ row, baseline }) => {
      const entry: KnownConversation = { row, baseline, asOf, isLocal: false };
      return [row.id as ConversationId, entry] as const;
    });
    this.#store.restore(entries, { serverTime, epoch, etag: null, wholeTime: serverTime, gone: [] });
  }

  /** Stores what has changed; of an answer in parts, all of it with the last: what is stored is whole as of its time [SYNC-4]. */
  async save(change: Change, answered: Answered | null): Promise<void> {
    if (!change.watermark || !answered) {
      await this.#saveSeen(change.put.map(([, entry]) => entry));
      return;
    }
    const { serverTime, epoch } = change.watermark;
    if (serverTime === null || epoch === null) return;
    const isIncrement = !answered.response.is_full_sync && answered.since !== null;
    if (isIncrement && answered.response.has_more) return;
    if (isIncrement && serverTime === answered.since) return;
    // All that the answer says, also what was no news to this tab: another one may have stored an older state [DEV-11].
    const { conversations, deleted_ids: deletedIds } = answered.response;
    const { entries } = this.#store.state;
    const named = conversations.map(({ id }) => entries.get(id)).filter((entry) => entry !== undefined);
    const put = named.map(storedOf);
    // One that is known to be there again stays, with how much of it was seen.
    const removed = [...change.removed, ...deletedIds.filter((id) => !entries.has(id))];
    const isStored =
      isIncrement && (await this.#localStore.saveChange({ from: answered.since, serverTime, epoch, put, removed }));
    if (!isStored) await this.#saveAll();
  }

  async #saveSeen(entries: readonly KnownConversation[]): Promise<void> {
    const seen = entries.filter(({ isLocal }) => !isLocal).map(storedOf);
    const { serverTime, epoch } = this.#store.state.watermark;
    const isPositioned = serverTime !== null && epoch !== null;
    if (seen.length > 0 && isPositioned) await this.#localStore.saveSeen(seen, { serverTime, epoch });
  }

  async #saveAll(): Promise<void> {
    const { entries, watermark } = this.#store.state;
    const { serverTime, epoch } = watermark;
    if (serverTime === null || epoch === null) return;
    const conversations = [...entries.values()].filter(({ isLocal }) => !isLocal).map(storedOf);
    await this.#localStore.saveList({ serverTime, epoch, conversations });
  }
}

function storedOf({ row, baseline }: KnownConversation): StoredConversation {
  return { row, baseline };
}
