/** Colouring code: nothing of it is lost, whatever it is, and every language that is named is one. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { COSTLY_TEXTS } from "../../test/costly-texts.ts";
import { HOSTILE_TEXTS } from "../../test/hostile-texts.ts";
import { type CodeTokens, piecesBetween, TOKEN_KINDS, tokensOfMarkup } from "./code-tokens.ts";
import { loadHighlighter } from "./highlight-code.ts";
import { LANGUAGE_NAMES, languageNamed } from "./languages.ts";

function sum(tokens: CodeTokens | null): number {
  return (tokens ?? new Uint32Array()).reduce((total, value, index) => (index % 2 === 0 ? total + value : total), 0);
}

async function coloured(code: string, language: string): Promise<readonly (readonly [string, string])[]> {
  const highlight = await loadHighlighter(language);
  const tokens = highlight?.(code);
  if (!tokens) throw new Error(`nothing for ${language}`);
  return piecesBetween(tokens, 0, code.length).map(({ kind, start, end }) => [code.slice(start, end), kind]);
}

const NASTY = [...HOSTILE_TEXTS, ...COSTLY_TEXTS.map(([, make]) => make(300))].join("\n");

test.each(LANGUAGE_NAMES)("[SAFE-2] a text in %s is coloured as a whole, none of it lost", async (name) => {
  expect(languageNamed(name.toUpperCase())).toEqual(languageNamed(name));
  const highlight = await loadHighlighter(name);
  const tokens = highlight?.(NASTY) ?? null;
  expect(sum(tokens)).toBe(NASTY.length);
  expect(highlight?.(NASTY)).toEqual(tokens);
});

test("a language that nobody knows, or the name of a property, is none", async () => {
  for (const name of ["", "klingon", "constructor", "__proto__", "toString"]) {
    expect(await loadHighlighter(name)).toBeNull();
  }
});

test("keywords, strings, comments, numbers and names are told apart, also in what stands inside another language", async () => {
  const pieces = await coloured('const a = 1; // one\nfunction go(b) { return "x" + `y${a}`; }', "ts");
  expect(pieces).toContainEqual(["const", "keyword"]);
  expect(pieces).toContainEqual(["1", "number"]);
  expect(pieces).toContainEqual(["// one", "comment"]);
  expect(pieces).toContainEqual(['"x"', "string"]);
  expect(pieces).toContainEqual(["go", "title"]);
  const page = await coloured("<p class='a'>x</p><style>a { color: #fff }</style><script>let b</script>", "html");
  expect(page).toContainEqual(["color", "name"]);
  expect(page).toContainEqual(["let", "keyword"]);
  expect(await coloured("+ a\n- b\n", "diff")).toEqual([
    ["+ a", "added"],
    ["\n", "plain"],
    ["- b", "removed"],
    ["\n", "plain"],
  ]);
});

test("markup that is not the code's gives no colours", () => {
  expect(tokensOfMarkup("ab", 2)).toEqual(Uint32Array.of(2, 0));
  expect(tokensOfMarkup("ab", 3)).toBeNull();
  expect(tokensOfMarkup("a<b>b</b>", 2)).toBeNull();
  expect(tokensOfMarkup("&amp;&lt;&gt;&quot;&#x27;", 5)).toEqual(Uint32Array.of(5, 0));
});

test("the pieces of any part are that part, without gaps and in their kinds", () => {
  const token = fc.tuple(fc.nat(20), fc.nat(TOKEN_KINDS.length - 1));
  fc.assert(
    fc.property(fc.array(token, { maxLength: 40 }), fc.nat(400), fc.nat(400), (tokens, one, other) => {
      const all = Uint32Array.from(tokens.flat());
      const kinds = tokens.flatMap(([size, kind]) => Array.from({ length: size }, () => TOKEN_KINDS[kind]));
      const [start, end] = [Math.min(one, other, kinds.length), Math.min(Math.max(one, other), kinds.length)];
      const pieces = piecesBetween(all, start, end);
      expect(pieces.flatMap((piece) => Array.from({ length: piece.end - piece.start }, () => piece.kind))).toEqual(
        kinds.slice(start, end),
      );
      let at = start;
      for (const piece of pieces) {
        expect(piece.start).toBe(at);
        at = piece.end;
      }
      expect(at).toBe(end);
    }),
  );
});
