/** Reports of imports, as the server gives them. */
import type { ImportReport } from "@instep/protocol";

const NONE = { hidden: 0, empty: 0, tool: 0, thinking: 0, citation: 0, branch: 0, version: 0, other: 0 };
const NOTHING: ImportReport = {
  read: 0,
  added: 0,
  grown: 0,
  messages: 0,
  versions: 0,
  known: 0,
  kept: 0,
  kept_titles: [],
  empty: 0,
  unreadable: 0,
  too_large: 0,
  left_out: NONE,
};

/** A report with these counts, and nothing else in it. */
export function importReport(
  counts: Partial<Omit<ImportReport, "left_out">> = {},
  leftOut: Partial<ImportReport["left_out"]> = {},
): ImportReport {
  return { ...NOTHING, ...counts, left_out: { ...NONE, ...leftOut } };
}

export function exportFile(name = "conversations.json", text = '[{"title":"One","mapping":{}}]'): File {
  return new File([text], name, { type: name.endsWith("zip") ? "application/zip" : "application/json" });
}
