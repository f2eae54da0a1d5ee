/** Changes on their way: shown at once, sent when they can be, taken back where the server refuses [DEV-8, DEV-12]. */
import { unreachable, type ConversationId, type ConversationSummary, type MarkRead } from "@instep/protocol";
import { applyFound, applyGone, applyWord, goneFromScreen } from "../apply-local.ts";
import type { ConversationStore } from "../conversation-store.ts";
import type { Environment, Timer } from "../environment.ts";
import { type Failure, failure, isFailure, isPassing, type Result } from "../failure.ts";
import type { ChangedFields, ChangeEnd } from "../local-changes.ts";
import { UNSAID, type Moment, momentOf, type SaidMoment, type Watermark } from "../moment.ts";
import type { ConversationChange, Outgoing, OutgoingChange } from "./outbox.ts";
import type { OutgoingBox } from "./outgoing-box.ts";
import { actionOf, SentTogether } from "./sent-together.ts";
import { rowOfSummary } from "../summary-row.ts";
import type { SyncManager } from "../sync-manager.ts";
import type { Tabs } from "../tabs/tabs.ts";
import type { Transport } from "../transport/transport.ts";

export interface ChangesPorts {
  readonly transport: Transport;
  readonly environment: Environment;
  readonly store: ConversationStore;
  readonly manager: SyncManager;
  readonly box: OutgoingBox;
  readonly tabs: Tabs;
}

/** So long after its end another tab's change is told of, at the most. */
const TELLING_MS = 1000;

const STALE: Failure = { ...failure("stale_conversation", "This conversation has changed."), status: 409 };

export class OutgoingChanges {
  readonly #ports: ChangesPorts;
  /** Who waits for the server's word on a change. */
  readonly #waiting = new Map<string, (result: Result<void>) => void>();
  readonly #untold = new Set<Timer>();
  readonly #together: SentTogether;
  #isClosed = false;

  constructor(ports: ChangesPorts) {
    this.#ports = ports;
    const leftOf = (batch: string): number => ports.box.entries.filter((entry) => isOfBatch(entry, batch)).length;
    this.#together = new SentTogether({ ...ports, leftOf });
  }

  /** Makes one change to all of these. Resolves with the server's word on them, or why it refuses one. */
  async make(ids: readonly string[], change: ConversationChange): Promise<Result<void>> {
    const { environment, box, tabs } = this.#ports;
    const isOfMany = ids.length > 1 && actionOf(change) !== null;
    const batch = isOfMany ? { batch: environment.uuid() } : {};
    const entries = ids.map((id) => {
      const conversationId = id as ConversationId;
      return { kind: "change", id: environment.uuid(), conversationId, change, state: "waiting", ...batch } as const;
    });
    for (const entry of entries) this.show(entry.conversationId, change, { operationId: entry.id, isOwn: true });
    const replaced = box.entries;
    const answers = entries.map(
      (entry) => new Promise<Result<void>>((resolve) => this.#waiting.set(entry.id, resolve)),
    );
    const adding = box.add(...entries);
    // At once, and not once it is stored: the later one may have been sent and confirmed by then.
    const left = new Set(box.entries.map(({ id }) => id));
    for (const { id } of replaced) if (!left.has(id)) this.#supersede(id);
    const isStored = await adding;
    // Where it goes with this page nobody could tell the others that it has; one that a later one has replaced is gone already.
    const waiting = new Set(isStored ? box.entries.map(({ id }) => id) : []);
    for (const { id: operationId, conversationId: id } of entries) {
      if (waiting.has(operationId)) tabs.tell({ kind: "change", operationId, id, change });
    }
    return (await Promise.all(answers)).find(isFailure);
  }

  /** Sends one change of the outbox. Resolves with why it has to wait, or null. */
  async run(entry: OutgoingChange): Promise<Failure | null> {
    const { box, tabs, manager, store } = this.#ports;
    await box.change(entry.id, { state: "sending" });
    const sent = await this.#send(entry);
    if (isFailure(sent) && isPassing(sent)) {
      await box.change(entry.id, { state: "waiting" });
      this.#resolveWaiting(entry.id, undefined);
      return sent;
    }
    // Gone already is as good as deleted: another tab's deletion, or another device's, may be younger than all that is known.
    const isDeleted = entry.change.key === "removed" ? entry.change.value : null;
    const isGone = isFailure(sent) && sent.status === 404 && isDeleted === true;
    const end = isGone ? momentIn(sent) : isFailure(sent) ? "refused" : sent;
    this.#end(entry.id, end);
    // Taken back in vain: whoever looks at it again is told now, since no answer tells of a deletion twice [DEV-10].
    if (isDeleted === false && end === "refused") manager.commit(goneFromScreen(store.state, entry.conversationId));
    // Before it goes from the store, whence others could learn that it is over, but not as of when.
    tabs.tell(
      end === "refused"
        ? { kind: "refused", operationId: entry.id }
        : { kind: "settled", operationId: entry.id, asOf: end },
    );
    await box.change(entry.id, null);
    this.#resolveWaiting(entry.id, isFailure(sent) && !isGone ? sent : undefined);
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
  endElsewhere(operationId: string, end: ChangeEnd): void {
    this.#end(operationId, end);
    this.#resolveWaiting(operationId, undefined);
  }

  /** Another tab is through with it, and will say so with the moment; if that goes astray, an answer that is asked for then has the truth. */
  endUnlessTold(operationId: string): void {
    const { environment, manager, store } = this.#ports;
    if (this.#isClosed) return;
    const end = (): void => {
      this.#untold.delete(timer);
      // Whether it was done or refused nobody has said: it tells of nothing that is gone.
      store.endLocalChange(operationId, UNSAID);
      this.#resolveWaiting(operationId, undefined);
      // A hidden page asks once somebody looks.
      if (environment.page.isVisible()) void manager.incrementalSync();
    };
    const timer = environment.setTimer(end, TELLING_MS);
    this.#untold.add(timer);
  }

  /**
   * History was rewound: what was read, or is to be replaced, beyond where the present one goes would be what nobody has seen, once
   * that has as many messages [EPOCH-1].
   */
  rewound(): void {
    const { box, store } = this.#ports;
    for (const entry of box.entries) {
      const lastSeq = store.state.entries.get(entry.conversationId)?.row.last_seq ?? 0;
      if (entry.kind === "send") {
        const isBeyond = entry.replaceFromSeq !== null && (entry.expectedLastSeq ?? 0) > lastSeq;
        if (isBeyond && entry.state === "waiting") void box.change(entry.id, { state: "rejected", problem: STALE });
      } else if (entry.change.key === "read" && entry.state === "waiting" && (entry.change.value.seq ?? 0) > lastSeq) {
        this.#supersede(entry.id);
        void box.change(entry.id, null);
      }
    }
  }

  /** Leaves no timer, and nobody waiting: what is on its way is in the outbox [DEV-2]. */
  close(): void {
    this.#isClosed = true;
    for (const timer of this.#untold) this.#ports.environment.clearTimer(timer);
    this.#untold.clear();
    this.#together.close();
    for (const id of this.#waiting.keys()) this.#resolveWaiting(id, undefined);
  }

  /** What was begun here, and is deleted on the server, is no more; whatever was deleted otherwise a sync tells. */
  #end(operationId: string, end: ChangeEnd): void {
    const { store, manager } = this.#ports;
    const deleted = store.localChanges.removedBy(operationId);
    if (deleted !== null && end !== "refused") manager.commit(applyGone(store.state, deleted));
    store.endLocalChange(operationId, end);
  }

  /** A later change of the same thing has taken its place before it went out. */
  #supersede(operationId: string): void {
    this.#ports.store.endLocalChange(operationId, "refused");
    this.#ports.tabs.tell({ kind: "refused", operationId });
    this.#resolveWaiting(operationId, undefined);
  }

  /** Resolves with the moment as of which the server has it. */
  async #send(entry: OutgoingChange): Promise<Result<Moment>> {
    const { transport, store } = this.#ports;
    const { conversationId, change, batch } = entry;
    const asked = store.state.watermark;
    const action = batch === undefined ? null : actionOf(change);
    if (action !== null) {
      const answer = await this.#together.send(entry, action);
      if (isFailure(answer) || action !== "restore") return momentToldBy(answer, asked);
      const restored = answer.conversations.filter(({ id }) => id === conversationId);
      return this.#takeBack(restored, momentOf(answer, asked));
    }
    switch (change.key) {
      case "title":
      case "model":
      case "pinned":
      case "archived":
        return momentToldBy(await transport.patch(conversationId, { [change.key]: change.value }), asked);
      case "read":
        return momentToldBy(await transport.markRead(conversationId, change.value), asked);
      case "removed":
        return change.value
          ? momentToldBy(await transport.remove(conversationId, false), asked)
          : this.#restore(conversationId, asked);
      default:
        return unreachable(change);
    }
  }

  async #restore(id: ConversationId, asked: Watermark): Promise<Result<Moment>> {
    const restored = await this.#ports.transport.restore(id);
    return isFailure(restored) ? restored : this.#takeBack([restored], momentOf(restored, asked));
  }

  #takeBack(restored: readonly ConversationSummary[], asOf: Moment): Moment {
    const { store, manager } = this.#ports;
    const rows = restored.map((summary) => rowOfSummary(summary, store.state.defaultModel));
    manager.commit(applyFound(store.state, rows, asOf));
    for (const row of rows) manager.commit(applyWord(store.state, row, asOf));
    return asOf;
  }

  #resolveWaiting(operationId: string, result: Result<void>): void {
    this.#waiting.get(operationId)?.(result);
    this.#waiting.delete(operationId);
  }
}

function isOfBatch(entry: Outgoing, batch: string): boolean {
  return entry.kind === "change" && entry.batch === batch;
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

/** A refusal says its moment as an answer does [SYNC-11], but that something is unknown: only what is asked for from then on knows of it. */
function momentIn({ problem: { server_time: time, epoch } }: Failure): Moment {
  return typeof time === "string" && typeof epoch === "string" ? { time, epoch } : UNSAID;
}

function momentToldBy(result: Result<SaidMoment>, asked: Watermark): Result<Moment> {
  return isFailure(result) ? result : momentOf(result, asked);
}
