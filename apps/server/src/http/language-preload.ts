/** Names the words that a page will speak with the page itself, so that they come along with its scripts and not after them. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** How the build names the catalogue of a language; English stands in the scripts. */
const CATALOGUES: ReadonlyMap<string, RegExp | null> = new Map([
  ["en", null],
  ["de", /^german-[\w-]+\.js$/],
]);

/** The `Link` header for a browser that asks for these languages, most wanted first; null where the page speaks English to it. */
export async function languagePreload(pageDir: string, accepted: string | undefined): Promise<string | null> {
  const wanted = (accepted ?? "").split(",").map((tag) => /^\s*(\w+)/.exec(tag)?.[1]?.toLowerCase() ?? "");
  const catalogue = CATALOGUES.get(wanted.find((language) => CATALOGUES.has(language)) ?? "en");
  if (!catalogue) return null;
  // There may be none just now, such as while it is built anew.
  const files = await readdir(join(pageDir, "assets")).catch(() => []);
  const file = files.find((name) => catalogue.test(name));
  return file === undefined ? null : `</assets/${file}>; rel=modulepreload; crossorigin`;
}
