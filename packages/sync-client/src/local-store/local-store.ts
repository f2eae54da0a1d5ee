/** The port to what the device keeps over a restart: the list with its watermark, messages read lately, what waits to be sent. */
import type { CompleteRow, Message } from "@instep/protocol";
import type { Outgoing } from "../outbox/outbox.ts";
import type { Baseline } from "../unread.ts";

export interface StoredConversation {
  readonly row: CompleteRow;
  readonly baseline: Baseline;
}

/** The list up to a watermark; rows and watermark belong together. */
export interface StoredList {
  readonly serverTime: string;
  readonly epoch: string;
  readonly conversations: readonly StoredConversation[];
}

/** What an answer of the server changed, from one watermark to the next. */
export interface StoredChange {
  readonly from: string;
  readonly serverTime: string;
  readonly epoch: string;
  readonly put: readonly StoredConversation[];
  readonly removed: readonly string[];
}

/** The browser has taken away what was stored since that was last read: nobody knows what became of it. */
export type Emptied = "emptied";

/** One account's store. A method that can't do its work does nothing and gives nothing: the device starts afresh, silently. */
export interface LocalStore {
  loadList(): Promise<StoredList | null>;
  /** Puts everything anew, unless another tab has stored a later list of the same epoch. Of another epoch no messages are kept either. */
  saveList(list: StoredList): Promise<void>;
  /** Rows and watermark in one transaction; false where the change doesn't continue what is stored, so that `saveList` is needed. */
  saveChange(change: StoredChange): Promise<boolean>;
  /**
   * How much was seen; never less than another tab has seen. One that is not stored yet is added where this tab's list, which
   * goes up to `serverTime`, is not behind the stored one.
   */
  saveSeen(seen: readonly StoredConversation[], position: Omit<StoredList, "conversations">): Promise<void>;
  loadMessages(conversationId: string): Promise<readonly Message[] | null>;
  /** Keeps the messages of the conversations that were read last. */
  saveMessages(conversationId: string, messages: readonly Message[]): Promise<void>;
  removeMessages(conversationIds: readonly string[]): Promise<void>;
  /** What waits, in its order; null where it can't be read, now at least. */
  loadOutbox(): Promise<readonly Outgoing[] | Emptied | null>;
  /** The entry as it stands; undefined where it is not among what waits, null as above. */
  loadOutgoing(id: string): Promise<Outgoing | undefined | Emptied | null>;
  /**
   * Puts and takes out in one transaction, and keeps what another tab has found out about an entry (`withFindings`). Resolves with
   * whether it is stored; rejects never.
   */
  saveOutgoing(put: readonly Outgoing[], removed: readonly string[]): Promise<boolean>;
  /** Forgets everything of this account. */
  clear(): Promise<void>;
  /** For good: what comes later does nothing and gives nothing. */
  close(): void;
}
