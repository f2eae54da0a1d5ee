/** Leaves out of the markdown parser what only reads a whole document: the page reads blocks and lines by themselves. */
import type { Plugin } from "vite";

const PARSER = /\/markdown-it\/dist\/markdown-it\.mjs$/;
/** The table of the rules that make a document of blocks: addresses, quotation marks and replacements, none of which is on. */
const RULES = /var _rules\$\d+ = \[\s*\["normalize", normalize\],[^;]*?\["text_join", text_join\]\s*\];/;

/** Three hundredths of the first load. Throws where the parser has become another one, so that nobody goes on believing it. */
export function unusedRulesPlugin(): Plugin {
  return {
    name: "unused-rules",
    transform(code, id) {
      if (!PARSER.test(id.split("?")[0] ?? "")) return null;
      const [table] = RULES.exec(code) ?? [];
      if (table === undefined) throw new Error("markdown-it has other rules than these were written for");
      return { code: code.replace(table, table.replace(/\[[\s\S]*\]/, "[]")), map: null };
    },
  };
}
