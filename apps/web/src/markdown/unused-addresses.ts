/** Stands in for the parser's own reading of addresses, which is not used: links are shown as they were written, and `safe-link.ts` judges them. */

export function parse(): never {
  throw new Error("addresses are read where a link is shown");
}

export { parse as decode, parse as encode, parse as format };
export default { toASCII: parse, toUnicode: parse };
