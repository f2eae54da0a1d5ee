/** Pages of the list on a first visit: one is there long before all rows are [DEV-7]. */
import { applyFound } from "./apply-local.ts";
import type { ConversationStore } from "./conversation-store.ts";
import { isFailure, type Result } from "./failure.ts";
import { momentOf } from "./moment.ts";
import { rowOfSummary } from "./summary-row.ts";
import type { SyncManager } from "./sync-manager.ts";
import type { Transport } from "./transport/transport.ts";

export interface ListPagesPorts {
  readonly transport: Pick<Transport, "list">;
  readonly store: ConversationStore;
  readonly manager: SyncManager;
}

type Loaded = Result<{ readonly hasMore: boolean }>;

export class ListPages {
  readonly #ports: ListPagesPorts;
  #cursor: string | null = null;
  #isLast = false;
  #loading: Promise<Loaded> | null = null;

  constructor(ports: ListPagesPorts) {
    this.#ports = ports;
  }

  /** Asks for the next page, unless it is on its way, or the list is whole. */
  async loadMore(): Promise<Loaded> {
    if (this.#isWhole()) return { hasMore: false };
    this.#loading ??= this.#load().finally(() => (this.#loading = null));
    return this.#loading;
  }

  async #load(): Promise<Loaded> {
    const { transport, store, manager } = this.#ports;
    const asked = store.state.watermark;
    const page = await transport.list({ cursor: this.#cursor, archived: false });
    if (isFailure(page)) return page;
    if (this.#isWhole()) return { hasMore: false };
    this.#cursor = page.next_cursor;
    this.#isLast = page.next_cursor === null;
    const rows = page.conversations.map((summary) => rowOfSummary(summary, store.state.defaultModel));
    manager.commit(applyFound(store.state, rows, momentOf(page, asked)));
    return { hasMore: !this.#isLast };
  }

  /** Once synced, the list is whole. */
  #isWhole(): boolean {
    return this.#isLast || this.#ports.store.state.watermark.serverTime !== null;
  }
}
