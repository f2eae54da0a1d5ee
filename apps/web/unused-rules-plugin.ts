/** Leaves out of the markdown parser what the page never runs: it reads blocks and lines by themselves, and makes elements of the tokens. */
import type { Plugin } from "vite";

const PARSER = /\/markdown-it\/dist\/markdown-it\.mjs$/;

/** What is left out, and what stands in its place. */
const CUTS: readonly (readonly [part: RegExp, instead: string])[] = [
  // The rules that make a document of blocks: addresses, quotation marks and replacements, none of which is on.
  [/(?<=var _rules\$\d+ = )\[\s*\["normalize", normalize\],[^;]*?\["text_join", text_join\]\s*\](?=;)/, "[]"],
  // Rules that do nothing without `html` and `linkify`.
  [/\[\s*"html_block",\s*html_block,\s*\[[^\]]*\]\s*\],/, ""],
  [/\["html_inline", html_inline\],/, ""],
  [/\["linkify", linkify\],/, ""],
  // The presets beside the one that is used.
  [/,\s*zero: \{[\s\S]*?(?=\n\};\s*var BAD_PROTO_RE)/, ""],
  // What it says of all those.
  [/(?<=\n\tdefault: \{\s*options: \{)[\s\S]*?(maxNesting: 100\s*\},)\s*components: \{[\s\S]*?\n\t\t\}/, "$1"],
  // What reads whole documents, looks for addresses and makes HTML.
  [/(?<="core",\s*)new ParserCore\(\)/, "null"],
  [/(?<="renderer",\s*)new Renderer\(\)/, "null"],
  [/(?<="linkify",\s*)new LinkifyIt\(\)/, "null"],
  [/(?<="utils",\s*)utils_exports/, "null"],
  // The grammar of the page has its own three words on addresses.
  [/validateLink\(url\) \{[\s\S]*?(?=constructor\(\.\.\.args\) \{)/, ""],
  [
    /enable\(list, ignoreInvalid = false\) \{\s*let result = \[\];[\s\S]*?(?=\n\};\s*_defineProperty\(MarkdownIt, )/,
    "",
  ],
  [/(?:_defineProperty\(MarkdownIt, "\w+", \w+\);\s*)+/, ""],
  // What changes the rules otherwise than by putting one before another.
  [/\tat\(name, fn, options = \{\}\) \{[\s\S]*?\n\t\}/, ""],
  [/\tafter\(afterName, [\s\S]*?\n\t\}/, ""],
  [/\tenable\(list, ignoreInvalid = false\) \{\s*if [\s\S]*?(?=\n\tgetRules\()/, ""],
  [
    /configure\(presets\) \{[\s\S]*?return this;\n\t\}/,
    "configure() { this.options = { ...config.default.options }; }",
  ],
  // What makes it a function that may be called without `new`, and fields as an old browser would need them.
  [/callable\(MarkdownIt\)/, "MarkdownIt"],
  [
    /function _defineProperty\(e, r, t\) \{[\s\S]*?\n\}/,
    "function _defineProperty(made, name, value) { made[name] = value; }",
  ],
  // What changes a token's attributes, of which it has those that it is made with.
  [/\tattrPush\(attrData\) \{[\s\S]*?\n\t\}/, ""],
  [/\tattrSet\(name, value\) \{[\s\S]*?\n\t\}/, ""],
  [/\tattrJoin\(name, value\) \{[\s\S]*?\n\t\}/, ""],
];

/** A twentieth of the first load. */
export function unusedRulesPlugin(): Plugin {
  return {
    name: "unused-rules",
    transform(code, id) {
      return PARSER.test(id.split("?")[0] ?? "") ? { code: withoutUnused(code), map: null } : null;
    },
  };
}

/** The parser's source without them. @throws {Error} where it has become another one, so that nobody goes on believing it. */
export function withoutUnused(source: string): string {
  return CUTS.reduce((left, [part, instead]) => {
    if (!part.test(left)) throw new Error(`markdown-it has other parts than this was written for: no ${part}`);
    return left.replace(part, instead);
  }, source);
}
