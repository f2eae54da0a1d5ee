/** Character references in text: the common ones become their character, all others stay as they were written. */

const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  copy: "©",
  reg: "®",
  trade: "™",
  hellip: "…",
  ndash: "–",
  mdash: "—",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
  laquo: "«",
  raquo: "»",
  times: "×",
  deg: "°",
  euro: "€",
  larr: "←",
  rarr: "→",
};

const REFERENCE = /&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-z]{2,6});/g;

/** Replaces the references that are known. */
export function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replaceAll(REFERENCE, decodeReference);
}

function decodeReference(whole: string): string {
  const body = whole.slice(1, -1);
  if (!body.startsWith("#")) return Object.hasOwn(NAMED, body) ? (NAMED[body] ?? whole) : whole;
  const isHex = body[1] === "x" || body[1] === "X";
  const code = isHex ? Number.parseInt(body.slice(2), 16) : Number(body.slice(1));
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : whole;
}

/** The name that the parser asks for: see the page's build settings. */
export { decodeEntities as decodeHTMLStrict };
