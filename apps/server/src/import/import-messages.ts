/** What the thread that reads a file and the program say to each other. */
import type { AccountId } from "@instep/protocol";
import type { Imported, NamedInstructions, PackedConversations } from "@instep/sync-server";
import type { ImportSummary } from "./import-conversations.ts";

export interface ImportOrder {
  /** The open file. */
  readonly descriptor: number;
  readonly accountId: AccountId;
  /** Milliseconds of the wall clock. */
  readonly now: number;
}

export type FromImport =
  /** To be kept; the thread waits for `kept`. */
  | { readonly kind: "presets"; readonly presets: readonly NamedInstructions[] }
  /** To be written; the thread reads on, and waits for `written` before the next one. */
  | { readonly kind: "batch"; readonly conversations: PackedConversations }
  | { readonly kind: "progress"; readonly summary: ImportSummary; readonly share: number }
  | { readonly kind: "done"; readonly summary: ImportSummary }
  /** The file is broken; what was read before is written. */
  | { readonly kind: "broken"; readonly detail: string; readonly summary: ImportSummary };

export type ToImport =
  | { readonly kind: "written"; readonly imported: Imported }
  | { readonly kind: "kept"; readonly leftOut: number };
