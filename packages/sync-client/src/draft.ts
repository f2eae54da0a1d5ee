/** A draft that becomes a conversation with its first send [ID-1]. Pure. */
import { type CompleteRow, expandRow, TEMPORARY_PREFIX } from "@instep/protocol";
import type { SyncState } from "./apply-sync.ts";

const MAX_TITLE_LENGTH = 60;

/** The row that stands in the list until the server's own takes its place: named by its first words, newest of all. */
export function rowOfDraft(
  state: Pick<SyncState, "defaultModel" | "watermark">,
  draft: { readonly draftId: string; readonly text: string; readonly model: string | undefined },
): CompleteRow {
  const { defaultModel, watermark } = state;
  const id = draft.draftId.slice(TEMPORARY_PREFIX.length);
  const row = { id, title: titleOf(draft.text), message_count: 0, updated_at: watermark.serverTime ?? "9" };
  return expandRow({ ...row, model: draft.model ?? defaultModel }, defaultModel);
}

function titleOf(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, " ");
  return line.length <= MAX_TITLE_LENGTH ? line : `${line.slice(0, MAX_TITLE_LENGTH).replace(/ \S*$/, "")}…`;
}
