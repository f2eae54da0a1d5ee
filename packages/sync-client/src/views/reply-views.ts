/** The replies that run in this tab, one a conversation, as far as they have come; nothing else shows of their conversations meanwhile [DEV-4]. */
import type { ReplyView } from "../device.ts";
import type { SyncManager } from "../sync-manager.ts";
import type { ViewCache } from "./view-cache.ts";

export interface ReplyViewsPorts {
  readonly manager: SyncManager;
  readonly viewCache: Pick<ViewCache, "refresh">;
}

interface Running {
  readonly reply: ReplyView;
  readonly abort: AbortController;
  /** Who waits for its end. */
  readonly waiting: Set<() => void>;
}

export class ReplyViews {
  readonly #ports: ReplyViewsPorts;
  readonly #running = new Map<string, Running>();
  #isClosed = false;

  constructor(ports: ReplyViewsPorts) {
    this.#ports = ports;
  }

  /** Whether nothing is begun any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  has = (id: string): boolean => this.#running.has(id);
  of = (id: string): ReplyView | null => this.#running.get(id)?.reply ?? null;

  /** Returns what tells whoever reads it that it is let go of. */
  begin(id: string, reply: ReplyView): AbortSignal {
    const abort = new AbortController();
    this.#ports.manager.setConversationStreaming(id, true);
    this.#running.set(id, { abort, reply, waiting: new Set() });
    return abort.signal;
  }

  /** It has come further; where none runs, this does nothing. */
  show(id: string, change: Partial<ReplyView>): void {
    const running = this.#running.get(id);
    if (!running) return;
    this.#running.set(id, { ...running, reply: { ...running.reply, ...change } });
    this.#ports.viewCache.refresh(id);
  }

  /** It runs here no more: what came for the conversation meanwhile is applied [DEV-4]. */
  end(id: string): void {
    const running = this.#running.get(id);
    this.#running.delete(id);
    this.#ports.manager.setConversationStreaming(id, false);
    for (const told of running?.waiting ?? []) told();
  }

  /** Calls once the one that runs there has ended, or all are let go of; the returned function takes that back. */
  onEnd(id: string, told: () => void): () => void {
    const waiting = this.#running.get(id)?.waiting;
    waiting?.add(told);
    return () => waiting?.delete(told);
  }

  /** Lets go of a reply that was only looked at; it goes on, and its end will be news. */
  unfollow = (id: string): void => {
    const running = this.#running.get(id);
    if (running && !running.reply.isOwn) running.abort.abort();
  };

  /** Lets go of all, and nothing more of them is applied; they go on [TURN-2]. */
  close(): void {
    this.#isClosed = true;
    const all = [...this.#running.values()];
    this.#running.clear();
    for (const { abort, waiting } of all) {
      abort.abort();
      for (const told of waiting) told();
    }
  }
}
