/** Pages of an opened conversation besides its newest: older ones, and those around what a search found. */
import type { ConversationId, MessagePage } from "@instep/protocol";
import { applySeen } from "../apply-local.ts";
import type { ConversationStore } from "../conversation-store.ts";
import { isOfPast } from "../apply-sync.ts";
import { isFailure, type Result } from "../failure.ts";
import {
  changePages,
  isNewestEnded,
  lastSeqOf,
  pagesInView,
  withAround,
  withAsked,
  withLater,
  withLatest,
  withOlder,
  withoutAround,
} from "./found-window.ts";
import { PAGE_TO_READ } from "./page-sizes.ts";
import type { SyncManager } from "../sync-manager.ts";
import type { Transport } from "../transport/transport.ts";
import { laterBaseline, seenThrough } from "../unread.ts";
import type { ViewCache } from "./view-cache.ts";

export interface FurtherPagesPorts {
  readonly transport: Pick<Transport, "messages">;
  readonly viewCache: ViewCache;
  readonly store: ConversationStore;
  readonly manager: SyncManager;
  readonly views: { readonly reload: (id: string) => Promise<void> };
}

export class FurtherPages {
  readonly #ports: FurtherPagesPorts;
  readonly #cache: ViewCache;

  constructor(ports: FurtherPagesPorts) {
    this.#ports = ports;
    this.#cache = ports.viewCache;
  }

  /** From a message that was found to the end. */
  showLatest(id: string): void {
    this.#cache.change(id, withLatest);
    this.#see(id);
  }

  /** Shows a message with what stands around it; `mayJoin` where the newest page is of this opening already. */
  async find(id: string, seq: number, mayJoin: boolean): Promise<void> {
    const found = { seq };
    this.#cache.change(id, (now) => withAsked(now, found, mayJoin));
    const page = await this.#ask(id, { around: seq });
    this.#cache.change(id, (now) => {
      // Something else was looked for meanwhile, or one has gone on to the end.
      if (now.found !== found) return now;
      return isFailure(page) ? withoutAround(now) : withAround(now, page);
    });
    this.#see(id);
    this.#renewNewest(id);
  }

  async loadOlder(id: string): Promise<void> {
    const loaded = this.#cache.loaded(id);
    const pages = loaded && pagesInView(loaded);
    const before = pages?.olderCursor;
    if (!before || pages.isLoadingOlder) return;
    this.#cache.change(id, (now) => changePages(now, before, (older) => ({ ...older, isLoadingOlder: true })));
    const page = await this.#ask(id, { before });
    // The same place in another history.
    if (!isFailure(page) && isOfPast(this.#ports.store.state, page.epoch)) return;
    this.#cache.change(id, (now) =>
      changePages(now, before, (older) =>
        isFailure(page) ? { ...older, isLoadingOlder: false, problem: page } : withOlder(older, page),
      ),
    );
  }

  /** What follows upon the surroundings of what was found. */
  async loadLater(id: string): Promise<void> {
    const around = this.#cache.loaded(id)?.around;
    if (around?.phase !== "ready" || around.isLoadingLater || !around.hasLater) return;
    const after = lastSeqOf(around);
    this.#cache.change(id, (now) => ({ ...now, around: now.around && { ...now.around, isLoadingLater: true } }));
    const page = await this.#ask(id, { after });
    this.#cache.change(id, (now) => {
      if (!now.around || lastSeqOf(now.around) !== after) return now;
      if (!isFailure(page)) return withLater(now, page);
      return { ...now, around: { ...now.around, isLoadingLater: false, laterProblem: page } };
    });
    this.#see(id);
    this.#renewNewest(id);
  }

  #renewNewest(id: string): void {
    const loaded = this.#cache.loaded(id);
    if (loaded && isNewestEnded(loaded)) void this.#ports.views.reload(id);
  }

  /** What stands around a found message, or in its stead, is on screen, and no news up to its last one; never less than before [DEV-3, DEV-9]. */
  #see(id: string): void {
    const { store, manager } = this.#ports;
    const loaded = this.#cache.loaded(id);
    const lastSeq = loaded ? lastSeqOf(pagesInView(loaded)) : 0;
    const before = store.screen.shownOf(id);
    if (lastSeq === 0 || !before) return;
    const shown = seenThrough(lastSeq, store.state.entries.get(id)?.row);
    store.screen.setShown(id, laterBaseline(before, shown));
    if (store.screen.has(id)) manager.commit(applySeen(store.state, id, shown));
    this.#cache.refresh(id);
  }

  #ask(id: string, at: { before?: string; after?: number; around?: number }): Promise<Result<MessagePage>> {
    return this.#ports.transport.messages(id as ConversationId, { ...at, limit: PAGE_TO_READ });
  }
}
