/** Whether what stands in the outbox that tabs share is something that this version can send [DEV-14]. Pure. */
import type { ConversationChange, Outgoing } from "./outbox.ts";
import { fits, isBoolean, isObject, isText, type MemberShape } from "../shape.ts";

const CHANGES: Readonly<Record<ConversationChange["key"], (value: unknown) => boolean>> = {
  title: isText,
  model: isText,
  pinned: isBoolean,
  archived: isBoolean,
  removed: isBoolean,
  read: isObject,
};

const isOneOf =
  (...known: readonly string[]) =>
  (value: unknown): boolean =>
    typeof value === "string" && known.includes(value);

/** By a clock that may be of any year, and may count parts of a millisecond. */
const isPlace = (value: unknown): boolean => Number.isFinite(value);

const ENTRY: MemberShape = { id: isText, conversationId: isText, order: isPlace };
const SHAPES: Readonly<Record<Outgoing["kind"], MemberShape>> = {
  send: {
    ...ENTRY,
    text: (value) => value === null || isText(value),
    mode: isOneOf("stream", "batch"),
    state: isOneOf("waiting", "sending", "rejected"),
  },
  change: { ...ENTRY, change: isChange, state: isOneOf("waiting", "sending") },
};

/** Another version may have left anything; what is not understood is its own to send. */
export function isOutgoing(entry: unknown): entry is Outgoing {
  const kind = isObject(entry) ? entry["kind"] : undefined;
  return (kind === "send" || kind === "change") && fits(entry, SHAPES[kind]);
}

/** Whether a change is one that this version can show and send. */
export function isChange(change: unknown): change is ConversationChange {
  const key = isObject(change) ? change["key"] : undefined;
  const isKnown = typeof key === "string" && Object.hasOwn(CHANGES, key);
  return isKnown && isObject(change) && CHANGES[key as ConversationChange["key"]](change["value"]);
}
