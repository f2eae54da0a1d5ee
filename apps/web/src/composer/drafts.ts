/** What was typed and not sent, for each conversation; kept on the device, also when the conversation is deleted [DEV-10]. */
import type { KeyValue } from "../environment.ts";

export interface Drafts {
  readonly get: (conversationId: string) => string;
  readonly set: (conversationId: string, text: string) => void;
  /** What is sent: the draft, which is empty from now on. */
  readonly take: (conversationId: string) => string;
  /** Puts a text under what is written there already. */
  readonly add: (conversationId: string, text: string) => void;
  /**
   * Takes a draft along to another conversation, unless something is written there already. What it returns takes the draft back,
   * unless it was changed or sent meanwhile.
   */
  readonly move: (fromId: string, toId: string) => () => void;
  readonly subscribe: (listener: () => void) => () => void;
}

/** The key of the draft that belongs to no conversation yet. */
export const NEW_CHAT = "new";
const PREFIX = "instep.draft.";

export function createDrafts(keyValue: KeyValue): Drafts {
  const draftByConversationId = new Map<string, string>();
  const listeners = new Set<() => void>();
  const drafts: Drafts = {
    get: (id) => draftByConversationId.get(id) ?? keyValue.get(PREFIX + id) ?? "",
    set: (id, text) => {
      if (drafts.get(id) === text) return;
      draftByConversationId.set(id, text);
      if (text === "") keyValue.remove(PREFIX + id);
      else keyValue.set(PREFIX + id, text);
      for (const listener of listeners) listener();
    },
    take: (id) => {
      const text = drafts.get(id);
      drafts.set(id, "");
      return text;
    },
    add: (id, text) => drafts.set(id, [drafts.get(id).trimEnd(), text].filter((part) => part !== "").join("\n\n")),
    move: (fromId, toId) => {
      const text = drafts.get(fromId);
      if (text.trim() === "" || drafts.get(toId).trim() !== "") return () => undefined;
      drafts.set(toId, text);
      drafts.set(fromId, "");
      return () => {
        if (drafts.get(toId) === text) drafts.move(toId, fromId);
      };
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return drafts;
}
