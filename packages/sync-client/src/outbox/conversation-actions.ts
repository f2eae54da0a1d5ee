/** What a person does to conversations in the list: each deed is a change, or many. */
import { type ConversationId, isTemporary, temporaryId } from "@instep/protocol";
import { applySeen } from "../apply-local.ts";
import type { ConversationItem } from "../conversation-item.ts";
import type { ConversationStore } from "../conversation-store.ts";
import type { DeviceActions, ManyChanged, SharedChange } from "../device.ts";
import type { Environment } from "../environment.ts";
import { isFailure, type Result } from "../failure.ts";
import type { ConversationChange } from "./outbox.ts";
import type { OutgoingChanges } from "./outgoing-changes.ts";
import type { SyncManager } from "../sync-manager.ts";
import { allSeen } from "../unread.ts";

export interface ActionsPorts {
  readonly environment: Environment;
  readonly store: ConversationStore;
  readonly manager: SyncManager;
  readonly changes: OutgoingChanges;
  readonly turns: { setDraftModel(draftId: string, model: string): void };
}

export class ConversationActions implements DeviceActions {
  readonly #ports: ActionsPorts;

  constructor(ports: ActionsPorts) {
    this.#ports = ports;
  }

  createDraft(model?: string): ConversationId {
    const id = temporaryId(this.#ports.environment.uuid());
    if (model !== undefined) this.#ports.turns.setDraftModel(id, model);
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
    this.#ports.turns.setDraftModel(id, model);
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
    // What a hold keeps back was seen by nobody [DEV-4].
    const { conversations, state } = this.#ports.store;
    const row = conversations.get(id) ?? state.entries.get(id)?.row;
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

  changeMany(ids: readonly string[], change: SharedChange): ManyChanged {
    const changed = ids.filter((id) => isNews(this.#ports.store.conversations.get(id), change)) as ConversationId[];
    const make = (value: boolean): Promise<Result<void>> => this.#makeShared(changed, { key: change.key, value });
    if (change.key !== "unread" || !change.value) {
      return { ids: changed, answer: make(change.value), undo: () => make(!change.value) };
    }
    // What comes in after the mark, or waits in a banner, was seen by nobody: the undo reads no further than what was.
    const seenSeqs = changed.map((id) => [id, this.#seenSeq(id)] as const);
    const undo = () => firstFailure(seenSeqs.map(([id, seenSeq]) => this.markReadUpTo(id, seenSeq)));
    return { ids: changed, answer: make(true), undo };
  }

  async #makeShared(ids: readonly string[], { key, value }: SharedChange): Promise<Result<void>> {
    if (key !== "unread") return this.#ports.changes.make(ids, { key, value });
    if (value) return this.#ports.changes.make(ids, { key: "read", value: { unread: true } });
    return firstFailure(ids.map((id) => this.markRead(id)));
  }

  markAllRead(): ManyChanged {
    const { conversations } = this.#ports.store;
    const all = [...conversations.list(), ...conversations.archivedList()];
    const { ids, answer } = this.changeMany(all, { key: "unread", value: false });
    return { ids, answer, undo: () => firstFailure(ids.map((id) => this.markUnread(id))) };
  }

  /** Up to which number somebody has seen it, here or elsewhere. */
  #seenSeq(id: string): number {
    const { store } = this.#ports;
    return Math.max(store.seenOf(id)?.seq ?? 0, store.state.entries.get(id)?.row.read_seq ?? 0);
  }

  #change(id: string, change: ConversationChange): Promise<Result<void>> {
    return this.#ports.changes.make([id], change);
  }
}

async function firstFailure(results: readonly Promise<Result<void>>[]): Promise<Result<void>> {
  return (await Promise.all(results)).find(isFailure);
}

/** Whether it is not so already; what is not there can be restored only. */
function isNews(item: ConversationItem | undefined, { key, value }: SharedChange): boolean {
  if (key === "removed") return (item !== undefined) === value;
  if (!item) return false;
  return key === "unread" ? item.unread > 0 !== value : item[key] !== value;
}
