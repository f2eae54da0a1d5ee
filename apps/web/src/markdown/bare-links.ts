/** Addresses that stand in a text without any mark become links. */

/** An address as a link that shows it. */
export interface BareLink {
  readonly kind: "link";
  readonly href: string;
  readonly children: readonly [string];
}

/** Every part is bounded or ends at a character that it can't hold, so that no text makes it go back far. */
const ADDRESS =
  /(?<![\p{L}\p{N}_@.+-])(?:https?:\/\/[^\s<>"`\p{Cc}]{1,2000}|www\.[a-z\d-]{1,63}\.[^\s<>"`\p{Cc}]{1,2000}|[a-z\d][a-z\d._+-]{0,63}@[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,8})/giu;

/** The text with its addresses as links; nothing of it is lost. */
export function linkBareAddresses(text: string): readonly (string | BareLink)[] {
  if (!text.includes("://") && !text.includes("@") && !/www\./i.test(text)) return [text];
  const nodes: (string | BareLink)[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutTrailingMarks(match[0]);
    if (match.index > end) nodes.push(text.slice(end, match.index));
    nodes.push({ kind: "link", href: hrefOf(address), children: [address] });
    end = match.index + address.length;
  }
  if (end < text.length) nodes.push(text.slice(end));
  return nodes;
}

function hrefOf(address: string): string {
  if (/^https?:/i.test(address)) return address;
  return /^www\./i.test(address) && !address.includes("@") ? `https://${address}` : `mailto:${address}`;
}

/** A full stop after an address, or the bracket around it, isn't part of it. */
function withoutTrailingMarks(address: string): string {
  let end = address.length;
  let open = 0;
  for (const character of address) open += character === "(" ? 1 : character === ")" ? -1 : 0;
  for (; end > 1; end--) {
    const last = address[end - 1] ?? "";
    const isUnopened = last === ")" && open < 0;
    if (!isUnopened && !".,;:!?'*_~]}…".includes(last)) break;
    if (isUnopened) open++;
  }
  return address.slice(0, end);
}
