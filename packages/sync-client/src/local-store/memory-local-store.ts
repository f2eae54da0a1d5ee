/** A local store that lives as long as its maker keeps it: for tests, and where a device keeps nothing. */
import type { Message } from "@instep/protocol";
import { type Outgoing, withFindings } from "../outbox/outbox.ts";
import { laterBaseline } from "../unread.ts";
import { continues, isAbreast, isListOutdated, MAX_CONVERSATIONS } from "./continuity.ts";
import type { LocalStore, StoredConversation } from "./local-store.ts";

export function memoryLocalStore(): LocalStore {
  let watermark: { serverTime: string; epoch: string } | null = null;
  const rows = new Map<string, StoredConversation>();
  const messages = new Map<string, readonly Message[]>();
  const outbox = new Map<string, Outgoing>();
  const put = (conversation: StoredConversation): void => {
    const known = rows.get(conversation.row.id)?.baseline;
    const baseline = known ? laterBaseline(known, conversation.baseline) : conversation.baseline;
    rows.set(conversation.row.id, { ...conversation, baseline });
  };
  return {
    async loadList() {
      return watermark && { ...watermark, conversations: [...rows.values()] };
    },
    async saveList({ serverTime, epoch, conversations }) {
      if (isListOutdated(watermark, { serverTime, epoch })) return;
      const ids = new Set(conversations.map(({ row }) => row.id));
      const isGone = (id: string): boolean => !ids.has(id) || watermark?.epoch !== epoch;
      for (const id of [...rows.keys()].filter(isGone)) rows.delete(id);
      if (watermark && watermark.epoch !== epoch) messages.clear();
      for (const conversation of conversations) put(conversation);
      watermark = { serverTime, epoch };
    },
    async saveChange(change) {
      const verdict = continues(watermark, change);
      if (verdict !== "next") return verdict === "old";
      for (const conversation of change.put) put(conversation);
      for (const id of change.removed) rows.delete(id);
      watermark = { serverTime: change.serverTime, epoch: change.epoch };
      return true;
    },
    async saveSeen(seen, position) {
      if (watermark && watermark.epoch !== position.epoch) return;
      for (const { row, baseline } of seen) {
        const known = rows.get(row.id);
        if (known) put({ ...known, baseline });
        else if (isAbreast(watermark, position)) put({ row, baseline });
      }
    },
    async loadMessages(id) {
      return messages.get(id) ?? null;
    },
    async saveMessages(id, list) {
      messages.delete(id);
      messages.set(id, list);
      const oldest = messages.keys().next();
      if (messages.size > MAX_CONVERSATIONS && !oldest.done) messages.delete(oldest.value);
    },
    async removeMessages(ids) {
      for (const id of ids) messages.delete(id);
    },
    async loadOutbox() {
      return [...outbox.values()].sort((one, other) => one.order - other.order);
    },
    async loadOutgoing(id) {
      return outbox.get(id);
    },
    async saveOutgoing(added, removed) {
      for (const entry of added) outbox.set(entry.id, structuredClone(withFindings(entry, outbox.get(entry.id))));
      for (const id of removed) outbox.delete(id);
      return true;
    },
    async clear() {
      watermark = null;
      for (const store of [rows, messages, outbox]) store.clear();
    },
    close() {
      // Nothing is held open.
    },
  };
}
