/** The looks are decided in one file. */
import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { TOKEN_KINDS } from "../rich-text/code-tokens.ts";

const SOURCES = resolve(import.meta.dirname, "..");

test("no style sheet but the tokens' names a colour", () => {
  const sheets = globSync("**/*.css", { cwd: SOURCES }).filter((path) => !path.endsWith("tokens.css"));
  expect(sheets.length).toBeGreaterThan(10);
  for (const path of sheets) {
    const style = readFileSync(resolve(SOURCES, path), "utf8");
    expect(style, path).not.toMatch(/:[^;{]*(?:#[\da-f]{3,8}\b|\b(?:rgb|hsl|oklch|light-dark)a?\()/i);
  }
});

/** The two colours of a token, light and dark. */
function colours(token: string): readonly string[] {
  const style = readFileSync(resolve(SOURCES, "design/tokens.css"), "utf8");
  const [, light = "", dark = ""] = new RegExp(`--${token}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(style) ?? [];
  return [light, dark];
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

test.each(TOKEN_KINDS.filter((kind) => kind !== "plain"))(
  "code of the kind %s can be read in both themes, and has a class",
  (kind) => {
    const grounds = colours("color-sunken");
    const inks = colours(`code-${kind}`);
    for (const theme of [0, 1]) expect(contrast(inks[theme] ?? "", grounds[theme] ?? "")).toBeGreaterThanOrEqual(4.5);
    const style = readFileSync(resolve(SOURCES, "markdown/code-block.css"), "utf8");
    expect(style).toContain(`.code-${kind} {`);
  },
);
