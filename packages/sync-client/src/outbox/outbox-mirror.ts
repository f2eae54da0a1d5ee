/** What waits in the stored outbox shows in this tab as if it had been done here, whether an earlier page wrote it or another tab [DEV-12]. */
import { applyOwn } from "../apply-local.ts";
import type { ConversationStore } from "../conversation-store.ts";
import type { LoadedViews } from "../views/loaded-views.ts";
import { rowOfDraft } from "../draft.ts";
import { unsureConversations, waitingCount } from "./outbox.ts";
import type { OutgoingSend } from "./outgoing-send.ts";
import type { OutgoingChanges } from "./outgoing-changes.ts";
import type { OutgoingBox } from "./outgoing-box.ts";
import type { SyncManager } from "../sync-manager.ts";
import type { StatusWatch } from "../status-watch.ts";
import type { ViewCache } from "../views/view-cache.ts";

export interface MirrorPorts {
  readonly box: OutgoingBox;
  readonly store: ConversationStore;
  readonly manager: SyncManager;
  readonly changes: OutgoingChanges;
  readonly viewCache: Pick<ViewCache, "refresh">;
  readonly views: Pick<LoadedViews, "reload">;
}

export class OutboxMirror {
  readonly #ports: MirrorPorts;
  readonly #status: StatusWatch;

  constructor(ports: MirrorPorts, status: StatusWatch) {
    this.#ports = ports;
    this.#status = status;
  }

  /** Reads what is stored: whoever wrote it, this page's person did not. */
  async load(): Promise<void> {
    const { box, store, manager, changes, views } = this.#ports;
    const before = box.entries;
    const { gone, takenOver } = await box.load();
    for (const entry of box.entries) {
      if (before.some(({ id }) => id === entry.id)) continue;
      const { id: operationId, conversationId } = entry;
      if (entry.kind === "change") changes.show(conversationId, entry.change, { operationId, isOwn: false });
      else this.#showBegun(entry);
    }
    // Another tab may have told, unheard, that the server's answer contains them; now this one has to see for itself.
    if (gone.length > takenOver.length) manager.hint();
    // Sent by another tab after all: the person who wrote it looks at this one.
    const id = takenOver.find(({ conversationId }) => conversationId === store.state.current?.id)?.conversationId;
    if (id) void views.reload(id);
    box.sender.sendDue();
  }

  /** What other tabs told while this one didn't hear them: what is not in the outbox any more is over. */
  async catchUp(): Promise<void> {
    const { box, store, changes } = this.#ports;
    await this.load();
    const waiting = new Set(box.entries.map(({ id }) => id));
    for (const id of store.localChanges.openBut(waiting)) changes.endUnlessTold(id);
  }

  /** The outbox has changed. */
  show(): void {
    const { box, store, manager, viewCache } = this.#ports;
    const unsure = unsureConversations(box.entries);
    const held = store.heldBy("unsure");
    for (const id of unsure) if (!held.has(id)) manager.hold(id, "unsure", true);
    for (const id of held) if (!unsure.has(id)) manager.hold(id, "unsure", false);
    this.#status.setWaitingCount(waitingCount(box.entries));
    const current = store.state.current?.id;
    if (current) viewCache.refresh(current);
  }

  /** A conversation that an earlier page or another tab has begun, and no sync has told of. */
  #showBegun(send: OutgoingSend): void {
    const { store, manager } = this.#ports;
    const { state } = store;
    const id = send.conversationId;
    if (state.entries.has(id) || state.graves.has(id)) return;
    manager.commit(applyOwn(state, rowOfDraft(state, id, send), null));
  }
}
