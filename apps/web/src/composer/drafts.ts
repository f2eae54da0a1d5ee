/** What was typed and not sent, for each conversation; kept on the device, also when the conversation is deleted [DEV-10]. */
import type { KeyValue } from "../environment.ts";
import { sentText, withUnder } from "./draft-parts.ts";

export interface Drafts {
  readonly get: (conversationId: string) => string;
  /** The keys that begin so and have a draft. */
  readonly keys: (beginning: string) => readonly string[];
  /** Stores it again, too, where another tab has sent or removed its own. */
  readonly set: (conversationId: string, text: string) => void;
  /** What is sent: the draft, which is empty from now on. */
  readonly take: (conversationId: string) => string;
  /** Puts a text under what is written there already. */
  readonly add: (conversationId: string, text: string) => void;
  /** Takes a draft along to another conversation, under what is written there. What it returns takes it back, unless it was changed or sent meanwhile. */
  readonly move: (fromId: string, toId: string) => () => void;
  readonly subscribe: (listener: () => void) => () => void;
}

/** The key of the draft that belongs to no conversation yet. */
export const NEW_CHAT = "new";
/** The key of the instructions with which the next new chat begins. */
export const NEW_INSTRUCTIONS = "new-instructions";
const PREFIX = "instep.draft.";

export function createDrafts(keyValue: KeyValue): Drafts {
  /** What was written in this tab stays, also where another one stored something else; an empty box follows the store. */
  const draftByConversationId = new Map<string, string>();
  const listeners = new Set<() => void>();
  const drafts: Drafts = {
    get: (id) => draftByConversationId.get(id) ?? keyValue.get(PREFIX + id) ?? "",
    keys: (beginning) => {
      const stored = keyValue.keys().filter((key) => key.startsWith(PREFIX));
      const all = new Set([...draftByConversationId.keys(), ...stored.map((key) => key.slice(PREFIX.length))]);
      return [...all].filter((key) => key.startsWith(beginning) && drafts.get(key) !== "");
    },
    set: (id, text) => {
      if (drafts.get(id) === text && (text === "" || keyValue.get(PREFIX + id) !== null)) return;
      if (text === "") keyValue.remove(PREFIX + id);
      else keyValue.set(PREFIX + id, text);
      const isKept = (keyValue.get(PREFIX + id) ?? "") === text;
      if (text === "" && isKept) draftByConversationId.delete(id);
      else draftByConversationId.set(id, text);
      for (const listener of listeners) listener();
    },
    take: (id) => {
      const text = sentText(drafts.get(id));
      drafts.set(id, "");
      return text;
    },
    add: (id, text) => {
      drafts.set(id, withUnder(drafts.get(id), text));
    },
    move: (fromId, toId) => {
      const text = drafts.get(fromId);
      if (text.trim() === "") return () => undefined;
      // Another tab of this browser may have put it there already.
      if (without(drafts.get(toId), text) === null) drafts.add(toId, text);
      drafts.set(fromId, "");
      return () => {
        const rest = without(drafts.get(toId), text);
        if (rest === null) return;
        drafts.set(toId, rest);
        drafts.add(fromId, text);
      };
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  keyValue.onOtherTab(() => {
    for (const listener of listeners) listener();
  });
  return drafts;
}

/** What is left above a text that stands at the end, or below one that stands at the beginning; null where it stands at neither. */
function without(whole: string, part: string): string | null {
  if (whole === part) return "";
  if (whole.endsWith(`\n\n${part}`)) return whole.slice(0, -part.length).trimEnd();
  return whole.startsWith(`${part.trimEnd()}\n\n`) ? whole.slice(part.trimEnd().length).trimStart() : null;
}

/** Before a tab goes: stores again what is written in it, where another one has sent or removed its own; what that one has stored since stays. */
export function keepDrafts(drafts: Drafts): void {
  for (const id of drafts.keys("")) drafts.set(id, drafts.get(id));
}
