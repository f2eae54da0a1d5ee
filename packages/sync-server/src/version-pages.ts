/** Versions, a page at a time: a long one goes on in the next page, so that no question takes more memory than a page [MSG-5, SAFE-2]. */
import type { Micros, VersionId } from "@instep/protocol";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { lengthOf, MAX_PAGE_LENGTH } from "./message-pages.ts";
import { refuseParameter, type Outcome } from "./refusal.ts";
import type { ConversationKey } from "./storage/message-statements.ts";
import type { MessageRow } from "./storage/rows.ts";
import type { Snapshot } from "./storage/transaction.ts";
import type { VersionPlace, VersionRow } from "./storage/version-statements.ts";

/** A page has no more messages than this, and so no more versions: none is empty. */
const MAX_VERSION_MESSAGES = 500;

export interface VersionPageQuestion {
  /** The places behind the messages `from` to `to`, 0 for the beginning. */
  readonly from: number;
  readonly to: number;
  readonly cursor: string | null;
}

/** A version, or the part of it that is on the page. */
export interface VersionPart {
  readonly row: VersionRow;
  readonly messages: readonly MessageRow[];
}

export interface VersionPage {
  readonly parts: readonly VersionPart[];
  readonly nextCursor: string | null;
}

/** What the page begins with: a version, after one of its messages. */
interface Position extends VersionPlace {
  readonly seq: number;
}

const BEGINNING = { replacedAt: 0 as Micros, id: "" as VersionId, seq: 0 };

/** The versions of some places, oldest first in each, from where the cursor's page ended. Its first message always fits. */
export async function versionPage(
  snapshot: Snapshot,
  key: ConversationKey,
  { from, to, cursor }: VersionPageQuestion,
): Promise<Outcome<VersionPage>> {
  const start = cursor === null ? { ...BEGINNING, afterSeq: from } : positionOf(cursor);
  if (!start || start.afterSeq < from || start.afterSeq > to) {
    return refuseParameter("cursor", "is not a next_cursor of these versions");
  }
  // None is empty: where the page is full, one of these begins or goes on behind it.
  const rows = await snapshot.versionsFrom(key, { at: start, to, limit: MAX_VERSION_MESSAGES + 1 });
  const parts: VersionPart[] = [];
  let [room, length] = [MAX_VERSION_MESSAGES, MAX_PAGE_LENGTH];
  for (const row of rows) {
    const versionKey = { ...key, versionId: row.id };
    const after = row.id === start.id ? start.seq : 0;
    const found = await snapshot.versionMessages(versionKey, { after, limit: room, maxLength: length });
    const fits = parts.length === 0 || lengthOf(found) <= length;
    const messages = fits ? found : [];
    if (messages.length > 0) parts.push({ row, messages });
    const last = messages.at(-1)?.seq ?? after;
    const [next] = await snapshot.versionMessages(versionKey, { after: last, limit: 1 });
    if (next) return { parts, nextCursor: cursorOf(row, last) };
    room -= messages.length;
    length -= lengthOf(messages);
  }
  return { parts, nextCursor: null };
}

function cursorOf({ afterSeq, replacedAt, id }: VersionPlace, seq: number): string {
  return encodeCursor([afterSeq, replacedAt, id, seq]);
}

function positionOf(cursor: string): Position | null {
  const position = decodeCursor(cursor, ["integer", "integer", "string", "integer"]);
  if (!position) return null;
  const [afterSeq, replacedAt, id, seq] = position;
  return { afterSeq, replacedAt: replacedAt as Micros, id: id as VersionId, seq };
}
