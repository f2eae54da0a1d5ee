/** What another app has shared with this one, as the manifest's `share_target` writes it into the address. Pure. */

const PARTS = ["shared_title", "shared_text", "shared_url"] as const;

/** Its parts, each said once, a line each; empty where nothing was shared. */
export function sharedText(search: string): string {
  const query = new URLSearchParams(search);
  const parts = PARTS.map((name) => (query.get(name) ?? "").trim()).filter((part) => part !== "");
  // Apps put the address into the text, and the title before both.
  const isSaid = (part: string, index: number) =>
    parts.some((other, at) => at !== index && other.includes(part) && (other !== part || at < index));
  return parts.filter((part, index) => !isSaid(part, index)).join("\n");
}
