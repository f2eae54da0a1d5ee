/** Colours code. What it takes depends on the text, so that only what can be ended from outside may call it [SAFE-2]. */
import highlighter from "highlight.js/lib/core";
import { type CodeTokens, tokensOfMarkup } from "./code-tokens.ts";
import { languageNamed, loadLanguage } from "./languages.ts";

/** Loads what `language` needs; null where it isn't known, else what colours code in it, or gives null where it can't. */
export async function loadHighlighter(language: string): Promise<((code: string) => CodeTokens | null) | null> {
  const known = languageNamed(language);
  if (known === null) return null;
  await Promise.all(known.needed.map(register));
  return (code) => {
    const { value } = highlighter.highlight(code, { language: known.id, ignoreIllegals: true });
    return tokensOfMarkup(value, code.length);
  };
}

async function register(id: string): Promise<void> {
  if (highlighter.getLanguage(id)) return;
  const grammar = await loadLanguage(id);
  if (grammar) highlighter.registerLanguage(id, grammar);
}
