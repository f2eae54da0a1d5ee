/** A draft that becomes a conversation with its first send [ID-1]. Pure. */
import { type CompleteRow, expandRow, timestampAfter, titleFromWords } from "@instep/protocol";
import type { SyncState } from "./apply-sync.ts";
import type { OutgoingSend } from "./outbox/outgoing-send.ts";
import { DEFAULT_MODEL } from "./summary-row.ts";

/** What of its first send is seen in the list; `order` is when it was written, by a clock that may be wrong. */
export type FirstSend = Pick<OutgoingSend, "text" | "model" | "order">;

/** The row that stands in the list until the server's own takes its place: named as the server will name it, newest of all. */
export function rowOfDraft(
  { entries }: Pick<SyncState, "entries">,
  id: string,
  { text, model, order }: FirstSend,
): CompleteRow {
  let newest = "";
  for (const { row } of entries.values()) if (row.updated_at > newest) newest = row.updated_at;
  const row = { id, title: titleFromWords(text ?? ""), message_count: 0, updated_at: timestampAfter(newest, order) };
  return expandRow(row, model ?? DEFAULT_MODEL);
}
