/** Reads the messages that a model is asked with: a long conversation takes long to read, and others have their turn meanwhile [SAFE-2]. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ConversationKey } from "../storage/message-statements.ts";
import type { MessageRow } from "../storage/rows.ts";
import type { Storage } from "../storage/storage.ts";

/** In UTF-16 code units; beyond every window that there is. */
const MAX_LENGTH = 10_000_000;
/** So many UTF-16 code units are read at once, or one message that is longer. */
const SLICE_LENGTH = 500_000;

export interface Newest {
  /** The seq of the last one. */
  readonly through: number;
  /** No more than stand there. */
  readonly count: number;
}

/**
 * The newest messages up to a seq, newest first, and no more of them than have 10,000,000 UTF-16 code units together; the newest one
 * always. They are read by slices, each as it stands then: for a conversation to which nothing is added meanwhile.
 */
export async function readNewest(
  storage: Pick<Storage, "read">,
  key: ConversationKey,
  { through, count }: Newest,
): Promise<readonly MessageRow[]> {
  const rows: MessageRow[] = [];
  let length = 0;
  while (rows.length < count) {
    const page = { before: rows.at(-1)?.seq ?? through + 1, limit: count - rows.length, maxLength: SLICE_LENGTH };
    const slice = await storage.read((snapshot) => snapshot.messagesBefore(key, page));
    for (const row of slice) {
      length += row.content.length + (row.thoughts?.length ?? 0);
      if (length > MAX_LENGTH && rows.length > 0) return rows;
      rows.push(row);
    }
    // It was deleted meanwhile.
    if (slice.length === 0) return rows;
    if (rows.length < count) await nextTurn();
  }
  return rows;
}
