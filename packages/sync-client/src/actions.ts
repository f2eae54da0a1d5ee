/** Changes to conversations: shown at once, sent when they can be, taken back where the server refuses [DEV-8, DEV-12]. */
import type { ConversationId, MarkRead } from "@instep/protocol";
import { isTemporary, TEMPORARY_PREFIX } from "@instep/protocol";
import { applyForgotten, applyFound, applySeen } from "./apply-local.ts";
import type { Watermark } from "./apply-sync.ts";
import type { ConversationStore } from "./conversation-store.ts";
import type { Actions, Undo } from "./device.ts";
import type { Environment, Timer } from "./environment.ts";
import { type Failure, isFailure, isPassing, type Result } from "./failure.ts";
import type { ChangedFields } from "./local-changes.ts";
import { knownUpTo, type Moment, momentOf, rightAfter, type Said } from "./moment.ts";
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

/** So long after its end another tab's change is told of, at the most. */
const TELLING_MS = 1000;

/** What a person does to the list. */
export class ConversationActions implements Actions {
  readonly #ports: ActionsPorts;
  /** Who waits for the server's word on a change. */
  readonly #waiting = new Map<string, (result: Result<void>) => void>();
  readonly #untold = new Set<Timer>();

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
    const sent = await this.#send(entry);
    if (isFailure(sent) && isPassing(sent)) {
      await box.change(entry.id, { state: "waiting" });
      this.#tell(entry.id, undefined);
      return sent;
    }
    // Gone already is as good as deleted.
    const isDeletion = entry.change.key === "removed" && entry.change.value;
    const isGone = isFailure(sent) && sent.status === 404 && isDeletion;
    const settledAs = isGone ? rightAfter(knownUpTo(store.state.watermark)) : isFailure(sent) ? null : sent;
    if (isDeletion) manager.commit(applyForgotten(store.state, entry.conversationId));
    store.endLocalChange(entry.id, settledAs);
    // Before it goes from the store, whence others could learn that it is over, but not as of when.
    tabs.tell(
      settledAs
        ? { kind: "settled", operationId: entry.id, asOf: settledAs }
        : { kind: "refused", operationId: entry.id },
    );
    await box.change(entry.id, null);
    this.#tell(entry.id, isFailure(sent) && !isGone ? sent : undefined);
    return null;
  }

  /** Shows a change that is in the outbox, or that another tab has made. */
  show(id: string, change: ConversationChange, made: { readonly operationId: string; readonly isOwn: boolean }): void {
    const isRemoved = change.key === "removed" ? { isRemoved: change.value } : {};
    this.#ports.store.addLocalChange({
      ...made,
      conversationId: id,
      fields: fieldsOf(change),
      settledAs: null,
      ...isRemoved,
    });
  }

  /** Another tab has sent it: whoever waits here for the server's word need not any more. */
  endElsewhere(operationId: string, settledAs: Moment | null): void {
    this.#ports.store.endLocalChange(operationId, settledAs);
    this.#tell(operationId, undefined);
  }

  /** Another tab is through with it, and will say so with the moment; if that goes astray, a sync that begins then has the truth. */
  endUnlessTold(operationId: string): void {
    const { environment, store, manager } = this.#ports;
    const end = async (): Promise<void> => {
      this.#untold.delete(timer);
      if (environment.page.isVisible()) await manager.incrementalSync();
      this.endElsewhere(operationId, knownUpTo(store.state.watermark));
    };
    const timer = environment.setTimer(() => void end(), TELLING_MS);
    this.#untold.add(timer);
  }

  /** Leaves no timer [DEV-2]. */
  close(): void {
    for (const timer of this.#untold) this.#ports.environment.clearTimer(timer);
    this.#untold.clear();
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
    const adding = box.add(entry);
    // At once, and not once it is stored: the later one may have been sent and confirmed by then.
    for (const other of replaced) if (!box.entries.some(({ id: left }) => left === other.id)) this.#supersede(other.id);
    const isStored = await adding;
    // Where it goes with this page nobody could tell the others that it has; one that a later one has replaced is gone already.
    const isWaiting = isStored && box.entries.some((each) => each.id === operationId);
    if (isWaiting) tabs.tell({ kind: "change", operationId, id, change });
    return answer;
  }

  /** A later change of the same thing has taken its place before it went out. */
  #supersede(operationId: string): void {
    this.#ports.store.endLocalChange(operationId, null);
    this.#ports.tabs.tell({ kind: "refused", operationId });
    this.#tell(operationId, undefined);
  }

  /** Resolves with the moment as of which the server has it. */
  async #send({ conversationId, change }: OutgoingChange): Promise<Result<Moment>> {
    const { transport, store } = this.#ports;
    const asked = store.state.watermark;
    switch (change.key) {
      case "title":
      case "model":
      case "pinned":
      case "archived":
        return toldBy(await transport.patch(conversationId, { [change.key]: change.value }), asked);
      case "read":
        return toldBy(await transport.markRead(conversationId, change.value), asked);
      case "removed":
        return change.value
          ? toldBy(await transport.remove(conversationId, false), asked)
          : this.#restore(conversationId, asked);
      default:
        return unreachable(change);
    }
  }

  async #restore(id: ConversationId, asked: Watermark): Promise<Result<Moment>> {
    const { transport, store, manager } = this.#ports;
    const restored = await transport.restore(id);
    if (isFailure(restored)) return restored;
    const row = rowOfSummary(restored, store.state.defaultModel);
    const asOf = momentOf(restored, asked);
    manager.commit(applyFound(store.state, [row], asOf));
    return asOf;
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

function toldBy(result: Result<Said>, asked: Watermark): Result<Moment> {
  return isFailure(result) ? result : momentOf(result, asked);
}
