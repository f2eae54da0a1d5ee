/** Footnotes: `[^1]` where a note of that name stands in the message, `[^1]: …` for the note. */
import type { MarkdownIt as Grammar } from "markdown-it";
import { blockRule, lineOf } from "./block-lines.ts";

const MARK = /\[\^([^\]\s^]{1,40})\]/y;
const NOTE = /^\[\^([^\]\s^]{1,40})\]:[ \t]*(.*)$/;

/** The name under which a note is known; no link can have it. */
function noteName(label: string): string {
  return `^${label.toUpperCase()}`;
}

/** Teaches `grammar` the tokens `footnote` and `footnote_block`. Notes are known as definitions are, so that one that comes later is found too. */
export function addFootnoteRules(grammar: Grammar): void {
  grammar.inline.ruler.before("link", "footnote", (state, isSilent) => {
    MARK.lastIndex = state.pos;
    const [mark, label = ""] = MARK.exec(state.src) ?? [];
    const isKnown = Object.hasOwn(state.env.references ?? {}, noteName(label));
    if (mark === undefined || !isKnown || state.pos + mark.length > state.posMax) return false;
    if (!isSilent) state.push("footnote", "", 0).content = label;
    state.pos += mark.length;
    return true;
  });
  grammar.block.ruler.before(
    "reference",
    "footnote_block",
    blockRule(({ state, startLine, endLine }, isSilent) => {
      const [, label, text] = NOTE.exec(lineOf(state, startLine)) ?? [];
      if (label === undefined) return false;
      if (isSilent) return true;
      let line = startLine + 1;
      while (line < endLine && !state.isEmpty(line) && (state.sCount[line] ?? 0) >= state.blkIndent + 2) line++;
      const more = line > startLine + 1 ? `\n${state.getLines(startLine + 1, line, state.blkIndent + 2, false)}` : "";
      const token = state.push("footnote_block", "", 0);
      token.info = label;
      token.content = `${text ?? ""}${more}`;
      token.map = [startLine, line];
      state.env.references ??= {};
      state.env.references[noteName(label)] ??= { title: "", href: "" };
      state.line = line;
      return true;
    }),
    { alt: ["paragraph", "reference"] },
  );
}
