/** The wire's numbers: defaults and bounds that device and server share. */

/** How often a visible device asks, in milliseconds, until the server's config says otherwise [DEV-1]. */
export const SYNC_POLL_INTERVAL_MS = 60_000;
/** After how many milliseconds hidden a device asks for everything [DEV-1]. */
export const SYNC_FULL_SYNC_THRESHOLD_MS = 300_000;
/** How many rows and deleted ids a page has at most where `limit` is not given [SYNC-7]. */
export const SYNC_DEFAULT_LIMIT = 1000;
export const SYNC_MAX_LIMIT = 5000;
/** The longest `wait` that may be asked for, in seconds [WAIT-1]. */
export const SYNC_MAX_WAIT_S = 60;
/** The longest message that a device may send, in UTF-16 code units; longer is 422 `message_too_long`. */
export const MAX_MESSAGE_LENGTH = 200_000;
/** The longest title, in UTF-16 code units. */
export const MAX_TITLE_LENGTH = 500;
/** The longest instructions of a conversation, in UTF-16 code units. */
export const MAX_INSTRUCTIONS_LENGTH = 20_000;
/** How many presets of instructions an account may have, and the longest name of one in UTF-16 code units [PRESET-1]. */
export const MAX_PRESETS = 50;
export const MAX_PRESET_NAME_LENGTH = 100;
/** The longest query of a search, in UTF-16 code units. */
export const MAX_QUERY_LENGTH = 500;
/** The longest id of a model, in UTF-16 code units. */
export const MAX_MODEL_LENGTH = 200;
/** So many conversations one call of actions names at most. */
export const MAX_ACTION_IDS = 500;
/** A badge counts exactly up to this; beyond it shows `99+` [DEV-3]. */
export const MAX_BADGE_COUNT = 99;
/** `/unread` counts no further than this. */
export const MAX_UNREAD_COUNT = 1000;
