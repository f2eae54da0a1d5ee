/** How many messages of a conversation are asked for at once, and how many of them are kept. */

/** What somebody reads: the newest page that an opening shows, and each older or later one. */
export const PAGE_TO_READ = 50;
/** What is new, or is looked for among the newest: as many as the server gives at once, so that one request is nearly always enough. */
export const LARGEST_PAGE = 100;
/** Of a conversation that is left, for when it is opened again: as many as that shows. */
export const KEPT_WHEN_LEFT = 50;
/** Over a restart, of one that was opened or read ahead: as many as an opening shows. */
export const KEPT_OVER_RESTART = 50;
