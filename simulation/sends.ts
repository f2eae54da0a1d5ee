/** Every message that somebody sent, and what must become of it: one message, one call of the model [TURN-3, DEV-12]. */
import type { ConversationId } from "@instep/protocol";
import type { PendingSend } from "@instep/sync-client";
import type { History } from "./history.ts";
import type { Tab } from "./tab.ts";
import { must } from "./violation.ts";

/** One press on Send. */
export interface SendRecord {
  /** Unlike every other's. */
  readonly text: string;
  readonly tab: Tab;
  readonly conversationId: string;
  /** False where the person took it back, or nothing of it was stored when its page went. */
  isWanted: boolean;
  /** Of a history that was rewound: a later one may have it, whatever was said of it meanwhile. */
  isFormer: boolean;
}

export class Sends {
  readonly #records: SendRecord[] = [];
  /** Of those that the server ever had: a deletion, and the end of its tombstone, may take them from history. */
  readonly #arrived = new Set<SendRecord>();
  readonly #modelCalls = new Map<string, number>();
  #isExact = true;

  add(record: SendRecord): void {
    this.#records.push(record);
  }

  /** The person took a message back, or was given it back. */
  discarded(text: string | null): void {
    for (const record of this.#records) if (record.text === text) record.isWanted = false;
  }

  /** A page has gone, and of what it held only what was stored can be counted on. */
  lost(tab: Tab, storedTexts: ReadonlySet<string> = new Set()): void {
    for (const record of this.#records) {
      if (record.tab === tab && !storedTexts.has(record.text)) record.isWanted = false;
    }
  }

  /** What was sent before may be undone, and sent again. */
  rewound(): void {
    this.#modelCalls.clear();
    for (const record of this.#records) Object.assign(record, { isWanted: false, isFormer: true });
  }

  modelCalled(clientMessageId: string): void {
    const calls = (this.#modelCalls.get(clientMessageId) ?? 0) + 1;
    this.#modelCalls.set(clientMessageId, calls);
    must(calls === 1, "TURN-3", () => `the model was called ${calls} times for ${clientMessageId}`);
  }

  /** Whether somebody sent a message there, and didn't take it back. */
  isWanted(conversationId: string): boolean {
    return this.#records.some((record) => record.conversationId === conversationId && record.isWanted);
  }

  /** Whether any tab still has something to send. */
  isBusy(tabs: readonly Tab[]): boolean {
    return this.#records.some(({ conversationId }) => tabs.some((tab) => waits(tab, conversationId)));
  }

  checkInstant(history: History): void {
    if (!this.#isExact) return;
    for (const record of this.#records) {
      const { text, conversationId } = record;
      const times = timesStored(history, conversationId, text);
      if (times > 0) this.#arrived.add(record);
      must(times <= 1, "TURN-3", () => `"${text}" is there ${times} times`);
    }
  }

  checkQuiet(history: History, tabs: readonly Tab[]): void {
    for (const record of this.#records) {
      const { text, conversationId, isWanted, isFormer, tab } = record;
      const times = timesStored(history, conversationId, text);
      must(times <= 1, "TURN-3", () => `"${text}" is there ${times} times`);
      const waiting = tabs.some((other) => shownOf(other, conversationId).some((pending) => pending.text === text));
      // A repeat of long ago, of a turn that was replaced since, is refused as any stale send is.
      const isThere = history.live().has(conversationId as ConversationId) && isLive(history, conversationId, text);
      must(!isThere || !waiting || isFormer, "DEV-12", () => `"${text}" is there, and shows as if it were not`);
      if (!isWanted || times === 1 || this.#arrived.has(record)) continue;
      const isRejected = tabs.some((other) =>
        pendingOf(other, conversationId).some((own) => own.text === text && own.state === "rejected"),
      );
      // What never reached a conversation that was deleted is given back, which counts as not wanted any more [DEV-10].
      must(isRejected, "DEV-12", () => `"${text}" was sent by ${tab.name}, and is nowhere`);
    }
  }
}

function waits(tab: Tab, conversationId: string): boolean {
  return pendingOf(tab, conversationId).some(({ state }) => state !== "rejected");
}

/** What a tab shows as not sent. One whose store has failed may keep more, which shows only until the message is seen [DEV-14]. */
function shownOf(tab: Tab, conversationId: string): readonly PendingSend[] {
  const kept = pendingOf(tab, conversationId);
  if (!tab.store.hasFailed) return kept;
  const shown = tab.device.views.get(conversationId)?.pending ?? [];
  return kept.filter(({ clientMessageId: id }) => shown.some(({ clientMessageId }) => clientMessageId === id));
}

function pendingOf(tab: Tab, conversationId: string): readonly PendingSend[] {
  // Also of a conversation that this tab never opened: its face shows those of opened ones.
  const pendingOf: unknown = Reflect.get(tab.device.turns, "pendingOf");
  return typeof pendingOf === "function" ? pendingOf(conversationId) : [];
}

function isLive(history: History, conversationId: string, text: string): boolean {
  return history.messages(conversationId as ConversationId).some((fact) => fact.text === text && fact.isLive);
}

function timesStored(history: History, conversationId: string, text: string): number {
  const facts = history.messages(conversationId as ConversationId).filter((fact) => fact.text === text);
  // One that was replaced and brought back stands under another number, and is the same message [MSG-5].
  return new Set(facts.map(({ id }) => id)).size;
}
