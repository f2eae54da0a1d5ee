/** German, whole: a chunk of its own, loaded where it is spoken. Each part of the page has its file. */
import { COMMON } from "./common.ts";
import { NOTICES } from "./notices.ts";
import { SETTINGS } from "./settings.ts";
import { SIDEBAR } from "./sidebar.ts";
import { STATUS } from "./status.ts";

export const GERMAN = { ...COMMON, ...NOTICES, ...SETTINGS, ...SIDEBAR, ...STATUS } as const;
