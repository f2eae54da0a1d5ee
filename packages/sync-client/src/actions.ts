/** Changes to conversations: shown at once, sent when they can be, taken back where the server refuses [DEV-8, DEV-12]. */
import type { ConversationId, MarkRead } from "@instep/protocol";
import { isTemporary, TEMPORARY_PREFIX } from "@instep/protocol";
import { applyForgotten, applyFound, applySeen } from "./apply-local.ts";
import type { ConversationStore } from "./conversation-store.ts";
import type { Actions, Undo } from "./device.ts";
import type { Environment } from "./environment.ts";
import { type Failure, isFailure, isPassing, type Result } from "./failure.ts";
import type { ChangedFields } from "./local-changes.ts";
import { momentOf, momentOfWatermark } from "./moment.ts";
import type { ConversationChange, OutgoingChange } from "./outbox.ts";
import type { OutgoingBox } from "./outgoing.ts";
import { rowOfSummary } from "./summary-row.ts";
import type { SyncManager } from "./sync-manager.ts";
import type { Tabs } from "./tabs/tabs.ts";
import type { Transport } from "./transport/transport.ts";
import { unreachable } from "./unreachable.ts";
import { allSeen } from "./unread.ts";

export interface ActionsPorts {
  readonly transport: Transport;
  readonly environment: Environment;
  readonly store: ConversationStore;
  readonly manager: SyncManager;
  readonly box: OutgoingBox;
  readonly tabs: Tabs;
  readonly setDraftModel: (draftId: string, model: string) => void;
}

/** What a person does to the list. */
export class ConversationActions implements Actions {
  readonly #ports: ActionsPorts;
  /** Who waits for the server's word on a change. */
  readonly #waiting = new Map<string, (result: Result<void>) => void>();

  constructor(ports: ActionsPorts) {
    this.#ports = ports;
  }

  createDraft(model?: string): ConversationId {
    const id = `${TEMPORARY_PREFIX}${this.#ports.environment.uuid()}` as ConversationId;
    if (model !== undefined) this.#ports.setDraftModel(id, model);
    return id;
  }

  rename(id: string, title: string): Promise<Result<void>> {
    return this.#change(id, { key: "title", value: title });
  }

  setPinned(id: string, isPinned: boolean): Promise<Result<void>> {
    return this.#change(id, { key: "pinned", value: isPinned });
  }

  setArchived(id: string, isArchived: boolean): Promise<Result<void>> {
    return this.#change(id, { key: "archived", value: isArchived });
  }

  setModel(id: string, model: string): Promise<Result<void>> {
    if (!isTemporary(id)) return this.#change(id, { key: "model", value: model });
    this.#ports.setDraftModel(id, model);
    return Promise.resolve(undefined);
  }

  remove(id: string): Promise<Result<void>> {
    return this.#change(id, { key: "removed", value: true });
  }

  restore(id: string): Promise<Result<void>> {
    return this.#change(id, { key: "removed", value: false });
  }

  markUnread(id: string): Promise<Result<void>> {
    return this.#change(id, { key: "read", value: { unread: true } });
  }

  markRead(id: string): Promise<Result<void>> {
    const row = this.#ports.store.state.entries.get(id)?.row;
    if (!row) return Promise.resolve(undefined);
    // What of it is on screen stays as it is: a banner goes when its messages are shown [DEV-9].
    this.#ports.manager.commit(applySeen(this.#ports.store.state, id, allSeen(row)));
    return this.markReadUpTo(id, row.last_seq);
  }

  /** Moves the account's read position, here shown at once [DEV-3]. */
  markReadUpTo(id: string, seq: number): Promise<Result<void>> {
    return this.#change(id, { key: "read", value: { seq } });
  }

  /** The same up to the n-th live message. */
  markReadCount(id: string, messageCount: number): Promise<Result<void>> {
    return this.#change(id, { key: "read", value: { message_count: messageCount } });
  }

  async markAllRead(): Promise<Undo> {
    const { store } = this.#ports;
    const unread = [...store.list(), ...store.archivedList()].filter((id) => (store.get(id)?.unread ?? 0) > 0);
    await Promise.all(unread.map((id) => this.markRead(id)));
    return async () => {
      const results = await Promise.all(unread.map((id) => this.markUnread(id)));
      return results.find(isFailure);
    };
  }

  /** Sends one change of the outbox. Resolves with why it has to wait, or null. */
  async run(entry: OutgoingChange): Promise<Failure | null> {
    const { box, store, manager, tabs } = this.#ports;
    await box.change(entry.id, { state: "sending" });
    const failed = await this.#send(entry);
    if (failed && isPassing(failed)) {
      await box.change(entry.id, { state: "waiting" });
      this.#tell(entry.id, undefined);
      return failed;
    }
    // Gone already is as good as deleted.
    const isDeletion = entry.change.key === "removed" && entry.change.value;
    const isRefused = failed !== null && !(failed.status === 404 && isDeletion);
    if (isDeletion) manager.commit(applyForgotten(store.state, entry.conversationId));
    store.endLocalChange(entry.id, !isRefused);
    await box.change(entry.id, null);
    tabs.tell({ kind: "ended", operationId: entry.id, isSettled: !isRefused });
    this.#tell(entry.id, isRefused && failed ? failed : undefined);
    return null;
  }

  /** Shows a change that is in the outbox, or that another tab has made. */
  show(id: string, change: ConversationChange, made: { readonly operationId: string; readonly isOwn: boolean }): void {
    const isRemoved = change.key === "removed" ? { isRemoved: change.value } : {};
    this.#ports.store.addLocalChange({
      ...made,
      conversationId: id,
      fields: fieldsOf(change),
      settledAt: null,
      ...isRemoved,
    });
  }

  /** Another tab has sent it: whoever waits here for the server's word need not any more. */
  endElsewhere(operationId: string, isSettled: boolean): void {
    this.#ports.store.endLocalChange(operationId, isSettled);
    this.#tell(operationId, undefined);
  }

  async #change(id: string, change: ConversationChange): Promise<Result<void>> {
    const { environment, box, tabs } = this.#ports;
    const operationId = environment.uuid();
    this.show(id, change, { operationId, isOwn: true });
    const replaced = box.entries;
    const answer = new Promise<Result<void>>((resolve) => this.#waiting.set(operationId, resolve));
    const entry = {
      kind: "change",
      id: operationId,
      conversationId: id as ConversationId,
      change,
      state: "waiting",
    } as const;
    // Where it goes with this page nobody could tell the others that it has.
    if (await box.add(entry)) tabs.tell({ kind: "change", operationId, id, change });
    for (const other of replaced) if (!box.entries.some((entry) => entry.id === other.id)) this.#supersede(other.id);
    return answer;
  }

  /** A later change of the same thing has taken its place before it went out. */
  #supersede(operationId: string): void {
    this.#ports.store.endLocalChange(operationId, false);
    this.#ports.tabs.tell({ kind: "ended", operationId, isSettled: false });
    this.#tell(operationId, undefined);
  }

  async #send({ conversationId, change }: OutgoingChange): Promise<Failure | null> {
    const { transport } = this.#ports;
    switch (change.key) {
      case "title":
      case "model":
      case "pinned":
      case "archived":
        return failureIn(await transport.patch(conversationId, { [change.key]: change.value }));
      case "read":
        return failureIn(await transport.markRead(conversationId, change.value));
      case "removed":
        return change.value ? failureIn(await transport.remove(conversationId, false)) : this.#restore(conversationId);
      default:
        return unreachable(change);
    }
  }

  async #restore(id: ConversationId): Promise<Failure | null> {
    const { transport, store, manager } = this.#ports;
    const asked = momentOfWatermark(store.state.watermark);
    const restored = await transport.restore(id);
    if (isFailure(restored)) return restored;
    const row = rowOfSummary(restored, store.state.defaultModel);
    manager.commit(applyFound(store.state, [row], momentOf(restored, asked)));
    return null;
  }

  #tell(operationId: string, result: Result<void>): void {
    this.#waiting.get(operationId)?.(result);
    this.#waiting.delete(operationId);
  }
}

function fieldsOf(change: ConversationChange): ChangedFields {
  if (change.key === "removed") return {};
  if (change.key === "read") return readFields(change.value);
  return { [change.key]: change.value };
}

function readFields(position: MarkRead): ChangedFields {
  if (position.unread) return { marked_unread: true };
  return { marked_unread: false, read_seq: position.seq ?? 0 };
}

function failureIn(result: Result<unknown>): Failure | null {
  return isFailure(result) ? result : null;
}
