/** How a change fits what is stored, where several tabs write to one store. Pure. */

/** Up to where a list goes. */
export interface ListPosition {
  readonly serverTime: string;
  readonly epoch: string;
}

/** For how many conversations messages are kept. */
export const MAX_CONVERSATIONS = 30;

/** `next`: to be applied; `old`: stored already by a tab that is ahead; `gap`: something is missing before it. */
export function continues(
  stored: ListPosition | null,
  change: ListPosition & { readonly from: string },
): "next" | "old" | "gap" {
  if (!stored || stored.epoch !== change.epoch || stored.serverTime < change.from) return "gap";
  return stored.serverTime >= change.serverTime ? "old" : "next";
}

/** Whether a tab knows at least what is stored, so that what it adds can't have been deleted before. */
export function isAbreast(stored: ListPosition | null, tab: ListPosition): boolean {
  return stored !== null && stored.epoch === tab.epoch && stored.serverTime <= tab.serverTime;
}

/** Whether a whole list is older than what is stored. */
export function isListOutdated(stored: ListPosition | null, list: ListPosition): boolean {
  return stored !== null && stored.epoch === list.epoch && stored.serverTime > list.serverTime;
}
