/** What an import has done, as it travels. */
import type { ImportReport } from "@instep/protocol";
import type { ImportSummary } from "./import-conversations.ts";

/** Enough to know which ones are meant; the number says how many more there are. */
const MAX_TITLES = 20;

export function reportOf({ kept, tooLarge, presetsLeftOut, leftOut, ...counts }: ImportSummary): ImportReport {
  const titles = { kept: kept.length, kept_titles: kept.slice(0, MAX_TITLES) };
  return { ...counts, ...titles, too_large: tooLarge, presets_left_out: presetsLeftOut, left_out: leftOut };
}
