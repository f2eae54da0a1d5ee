/** German, whole: a chunk of its own, loaded where it is spoken. Each part of the page has its file. */
import { ACCOUNT } from "./account.ts";
import { COMMON } from "./common.ts";
import { COMPOSER } from "./composer.ts";
import { CONVERSATION } from "./conversation.ts";
import { FAILURES } from "./failures.ts";
import { IMPORT } from "./import.ts";
import { MARKDOWN } from "./markdown.ts";
import { NOTICES } from "./notices.ts";
import { PRESETS } from "./presets.ts";
import { PALETTE } from "./palette.ts";
import { SETTINGS } from "./settings.ts";
import { SIDEBAR } from "./sidebar.ts";
import { STATUS } from "./status.ts";

export const GERMAN = {
  ...ACCOUNT,
  ...COMMON,
  ...COMPOSER,
  ...CONVERSATION,
  ...FAILURES,
  ...IMPORT,
  ...MARKDOWN,
  ...NOTICES,
  ...PRESETS,
  ...PALETTE,
  ...SETTINGS,
  ...SIDEBAR,
  ...STATUS,
} as const;
