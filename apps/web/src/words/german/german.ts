/** German, whole: a chunk of its own, loaded where it is spoken. Each part of the page has its file. */
import { COMMON } from "./common.ts";
import { SETTINGS } from "./settings.ts";

export const GERMAN = { ...COMMON, ...SETTINGS } as const;
