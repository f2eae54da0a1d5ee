/** Stands in for the parser's own finder of addresses, which is not used: `bare-links.ts` is. */

export function LinkifyIt() {}
