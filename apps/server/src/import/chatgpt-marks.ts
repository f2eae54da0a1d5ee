/** Marks that only ChatGPT's own page can show, in private-use characters or as `【…†…】`, as the words that they stand for. */
import { parseJson, arrayOf, recordOf, stringOf } from "../json-value.ts";

export interface MarkedText {
  readonly text: string;
  /** Marks without words: references to what the model read. */
  readonly citations: number;
}

/** `⟨kind⟦part⟦part⟩`, the last one of a reply that was stopped maybe without its end; or a citation of older exports. */
const MARK =
  /\uE200([^\uE200-\uE202]{0,40})(?:\uE202([^\uE200\uE201]{0,20000}))?(?:\uE201|$)|【[^】†]{0,40}†[^】]{0,80}】/gu;
/** What remains of a mark that is none of these: the characters alone would be shown as boxes. */
const MARK_CHARACTERS = /[\uE200-\uE20F]/gu;
const SOURCE = /^turn\d+[a-z_]+\d+/u;

/** Replaces every mark; `references` is the message's own list of what they stand for. */
export function wordsOfMarks(marked: string, references: readonly unknown[]): MarkedText {
  if (!/[\uE200-\uE20F【]/u.test(marked)) return { text: marked, citations: 0 };
  const altByMark = new Map(references.map((reference) => markOf(recordOf(reference))));
  let citations = 0;
  // Put together once: a text that is looked at while it grows is copied anew for each mark.
  const pieces: string[] = [];
  let at = 0;
  for (const { index, 0: mark, 1: kind = "", 2: payload = "" } of marked.matchAll(MARK)) {
    const words = wordsOf(kind, payload, altByMark.get(mark) ?? null);
    pieces.push(marked.slice(at, index), words);
    at = index + mark.length;
    if (words !== "") continue;
    citations++;
    // The space before what goes would stand before a full stop, or twice.
    if (!/[^\s.,;:!?)\]]/u.test(marked[at] ?? "")) dropLastSpace(pieces);
  }
  pieces.push(marked.slice(at));
  return { text: pieces.join("").replace(MARK_CHARACTERS, ""), citations };
}

/** However many of the pieces it fills. */
function dropLastSpace(pieces: string[]): void {
  for (let last = pieces.pop(); last !== undefined; last = pieces.pop()) {
    let end = last.length;
    while (last[end - 1] === " " || last[end - 1] === "\t") end--;
    if (end > 0) return void pieces.push(last.slice(0, end));
  }
}

function markOf(reference: Readonly<Record<string, unknown>>): [mark: string, words: string] {
  const words = stringOf(reference["type"]) === "alt_text" ? stringOf(reference["alt"]) : null;
  return [stringOf(reference["matched_text"]) ?? "", words ?? stringOf(reference["name"]) ?? ""];
}

/** The mark's own words come first; a mark that names only what was read has none. */
function wordsOf(kind: string, payload: string, alt: string | null): string {
  const [first = "", ...others] = payload.split("\uE202");
  const listed = arrayOf(parseJson(first));
  const name = stringOf(listed[1]) ?? stringOf(listed[0]);
  if (name !== null) return name;
  if (alt) return alt;
  if (SOURCE.test(first) || kind.endsWith("cite")) return "";
  // An address goes with its title; what is no plain text is for a program.
  if (/^[[{]/u.test(first)) return "";
  const address = others.find((part) => /^https?:\/\//u.test(part));
  return address !== undefined && first !== "" ? `[${first}](${address})` : first;
}
