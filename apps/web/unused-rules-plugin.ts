/** Leaves out of the markdown parser what only reads a whole document: the page reads blocks and lines by themselves. */
import type { Plugin } from "vite";

const PARSER = /\/markdown-it\/dist\/markdown-it\.mjs$/;
/** The table of the rules that make a document of blocks: addresses, quotation marks and replacements, none of which is on. */
const RULES = /var _rules\$\d+ = \[\s*\["normalize", normalize\],[^;]*?\["text_join", text_join\]\s*\];/;

/** What makes HTML of tokens: the page makes elements of them. */
const RENDERER = ["new Renderer()", '_defineProperty(MarkdownIt, "Renderer", Renderer);'];

/** Three hundredths of the first load. Throws where the parser has become another one, so that nobody goes on believing it. */
export function unusedRulesPlugin(): Plugin {
  return {
    name: "unused-rules",
    transform(code, id) {
      if (!PARSER.test(id.split("?")[0] ?? "")) return null;
      const [table] = RULES.exec(code) ?? [];
      const isKnown = RENDERER.every((part) => code.includes(part));
      if (table === undefined || !isKnown) throw new Error("markdown-it has other parts than this was written for");
      const withoutRules = code.replace(table, table.replace(/\[[\s\S]*\]/, "[]"));
      return {
        code: RENDERER.reduce((left, part) => left.replace(part, part.endsWith(";") ? "" : "null"), withoutRules),
        map: null,
      };
    },
  };
}
