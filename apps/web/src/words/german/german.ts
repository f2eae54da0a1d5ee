/** German, whole: a chunk of its own, loaded where it is spoken. Each part of the page has its file. */
import { COMMON } from "./common.ts";
import { COMPOSER } from "./composer.ts";
import { CONVERSATION } from "./conversation.ts";
import { FAILURES } from "./failures.ts";
import { MARKDOWN } from "./markdown.ts";
import { NOTICES } from "./notices.ts";
import { PRESETS } from "./presets.ts";
import { SETTINGS } from "./settings.ts";
import { SIDEBAR } from "./sidebar.ts";
import { STATUS } from "./status.ts";

export const GERMAN = {
  ...COMMON,
  ...COMPOSER,
  ...CONVERSATION,
  ...FAILURES,
  ...MARKDOWN,
  ...NOTICES,
  ...PRESETS,
  ...SETTINGS,
  ...SIDEBAR,
  ...STATUS,
} as const;
