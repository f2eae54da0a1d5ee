/** Stands in for the parser's own finder of addresses, which is not used (`bare-links.ts` is) and would be a sixth of the page. */

export function LinkifyIt() {}
