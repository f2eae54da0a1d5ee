/** What an import has done, as it travels. */
import type { ImportReport } from "@instep/protocol";
import type { ImportSummary } from "./import-conversations.ts";

export function reportOf({ keptTitles, tooLarge, presetsLeftOut, leftOut, ...counts }: ImportSummary): ImportReport {
  const renamed = { kept_titles: [...keptTitles], too_large: tooLarge, presets_left_out: presetsLeftOut };
  return { ...counts, ...renamed, left_out: leftOut };
}
