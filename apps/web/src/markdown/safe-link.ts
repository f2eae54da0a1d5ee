/** Which links of a message may be followed: only addresses that open a page or a letter. */

const SAFE_PROTOCOLS = new Set(["http:", "https:", "mailto:"]);
const MAX_LENGTH = 4000;

/** The address where it is safe to follow, else null: `javascript:`, `data:` and relative ones are shown as text. */
export function safeLink(href: string): string | null {
  if (href.length > MAX_LENGTH || !URL.canParse(href)) return null;
  const url = new URL(href);
  return SAFE_PROTOCOLS.has(url.protocol) ? url.href : null;
}
