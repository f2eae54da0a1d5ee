/** The rows that this device keeps: a model of its own only where the conversation has one, so that a new default reaches the others [TURN-10]. Pure. */
import { type CompleteRow, type ConversationSummary, expandRow, type SyncRow } from "@instep/protocol";

/** What stands for the server's default, whatever that is. */
export const DEFAULT_MODEL = "";

/** The row of a sync answer, in which an absent model is the default. */
export function rowOfSync(row: SyncRow): CompleteRow {
  return expandRow(row, DEFAULT_MODEL);
}

/** The row of an answer that names every conversation's model, the default too. */
export function rowOfSummary(summary: Omit<ConversationSummary, "created_at">, defaultModel: string): CompleteRow {
  const { model } = summary;
  return expandRow({ ...summary, model: model === defaultModel ? DEFAULT_MODEL : model }, DEFAULT_MODEL);
}
