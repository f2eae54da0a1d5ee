/** Reports of imports, as the server gives them. */
import type { ImportReport } from "@instep/protocol";
import { NO_IMPORTS } from "../src/import/import-run.ts";

/** A report with these counts, and nothing else in it. */
export function importReport(
  counts: Partial<Omit<ImportReport, "left_out">> = {},
  leftOut: Partial<ImportReport["left_out"]> = {},
): ImportReport {
  return { ...NO_IMPORTS, ...counts, left_out: { ...NO_IMPORTS.left_out, ...leftOut } };
}

export function exportFile(name = "conversations.json", text = '[{"title":"One","mapping":{}}]'): File {
  return new File([text], name, { type: name.endsWith("zip") ? "application/zip" : "application/json" });
}
