/** The same done to many conversations in one transaction, each as the call on one does it. */
import { unreachable, type ConversationAction, type ConversationId } from "@instep/protocol";
import { answerWithClock, type WithAsOf, type Tick, type WriteMoment } from "../account-clock.ts";
import { isRefusal, type Outcome } from "../refusal.ts";
import type { ConversationRow } from "../storage/rows.ts";
import type { WriteTransaction } from "../storage/transaction.ts";
import { patchOne } from "./conversations.ts";
import { markOneRead } from "./read-position.ts";
import { restoreOne, trashOne } from "./trash.ts";

export interface ActInput extends WriteMoment {
  readonly action: ConversationAction;
  /** Each once. */
  readonly ids: readonly ConversationId[];
  /** How long the trash keeps what goes there, in microseconds. */
  readonly keepFor: number;
  /** The server's default model. */
  readonly defaultModel: string;
}

export interface Acted {
  /** Those that live after it, changed or not. */
  readonly conversations: readonly ConversationRow[];
  readonly deletedIds: readonly ConversationId[];
  /** Those that the call on one would not have found. */
  readonly missingIds: readonly ConversationId[];
}

/** What one can't be done leaves the others as they are asked for; each that changes takes a tick of its own [CLOCK-1, TICK-1]. */
export async function act(tx: WriteTransaction, input: ActInput): Promise<Outcome<WithAsOf<Acted>>> {
  return answerWithClock(tx, input, async (tick) => {
    const conversations: ConversationRow[] = [];
    const [deletedIds, missingIds]: [ConversationId[], ConversationId[]] = [[], []];
    for (const id of input.ids) {
      const outcome = await actOnOne(tx, { ...input, id }, tick);
      if (isRefusal(outcome)) missingIds.push(id);
      else if (outcome.trashedAt !== null) deletedIds.push(id);
      else conversations.push(outcome);
    }
    return { conversations, deletedIds, missingIds };
  });
}

type One = Omit<ActInput, "ids"> & { readonly id: ConversationId };

function actOnOne(tx: WriteTransaction, one: One, tick: Tick): Promise<Outcome<ConversationRow>> {
  const change = { ...one, title: null, pinned: null, archived: null, model: null };
  switch (one.action) {
    case "archive":
    case "unarchive":
      return patchOne(tx, { ...change, archived: one.action === "archive" }, tick);
    case "pin":
    case "unpin":
      return patchOne(tx, { ...change, pinned: one.action === "pin" }, tick);
    case "trash":
      return trashOne(tx, one, tick);
    case "restore":
      return restoreOne(tx, one, tick);
    case "read":
      return markOneRead(tx, { ...one, seq: Number.MAX_SAFE_INTEGER, messageCount: null, unread: null }, tick);
    case "unread":
      return markOneRead(tx, { ...one, seq: null, messageCount: null, unread: true }, tick);
    default:
      return unreachable(one.action);
  }
}
