/** An import on the wire: its progress and its end, as a stream of events (SPEC section 8). */
import { Type, type Static } from "typebox";

const Count = Type.Integer({ minimum: 0 });

/** What of the conversations that were read is not brought in, by reason. */
const LeftOutSchema = Type.Object({
  hidden: Count,
  empty: Count,
  tool: Count,
  thinking: Count,
  citation: Count,
  branch: Count,
  version: Count,
  other: Count,
});

const counts = {
  read: Count,
  added: Count,
  grown: Count,
  messages: Count,
};

/** How far it has come; `share` of the file, from 0 to 1. */
export const ImportProgressSchema = Type.Object(
  { share: Type.Number({ minimum: 0, maximum: 1 }), ...counts },
  { $id: "ImportProgress" },
);
export type ImportProgress = Static<typeof ImportProgressSchema>;

/** What has been done, and what was left out and why. */
export const ImportReportSchema = Type.Object(
  {
    ...counts,
    versions: Count,
    known: Type.Integer({ minimum: 0, description: "Here already, in the trash, or deleted here" }),
    kept: Type.Integer({ minimum: 0, description: "Changed here since, and left as they are" }),
    kept_titles: Type.Array(Type.String(), { description: "The first of them" }),
    empty: Count,
    unreadable: Count,
    too_large: Count,
    presets_left_out: Type.Integer({ minimum: 0, description: "That are none, or for which there is no room" }),
    left_out: LeftOutSchema,
  },
  { $id: "ImportReport" },
);
export type ImportReport = Static<typeof ImportReportSchema>;

/** Why it came to no good end. What the report counts is there, and stays. */
export const ImportFailureSchema = Type.Object(
  { code: Type.String(), detail: Type.String(), report: ImportReportSchema },
  { $id: "ImportFailure" },
);
export type ImportFailure = Static<typeof ImportFailureSchema>;

/** Numbered from 1 on; one `done` or `error` ends it. */
export type ImportEvent =
  | { readonly id: number; readonly event: "progress"; readonly data: ImportProgress }
  | { readonly id: number; readonly event: "done"; readonly data: ImportReport }
  | { readonly id: number; readonly event: "error"; readonly data: ImportFailure };
