/** A draft that becomes a conversation with its first send [ID-1]. Pure. */
import { type CompleteRow, expandRow, titleFromWords } from "@instep/protocol";
import type { SyncState } from "./apply-sync.ts";
import { DEFAULT_MODEL } from "./summary-row.ts";

/** The row that stands in the list until the server's own takes its place: named as the server will name it, newest of all. */
export function rowOfDraft(
  state: Pick<SyncState, "watermark">,
  draft: { readonly id: string; readonly text: string; readonly model: string | undefined },
): CompleteRow {
  const updatedAt = state.watermark.serverTime ?? "9";
  const row = { id: draft.id, title: titleFromWords(draft.text), message_count: 0, updated_at: updatedAt };
  return expandRow({ ...row, model: draft.model ?? DEFAULT_MODEL }, DEFAULT_MODEL);
}
