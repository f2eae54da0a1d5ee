/** The page stands in whichever direction its language is written: styles name where a line begins and ends, not left and right. */
import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";

const SOURCES = resolve(import.meta.dirname, "..");
const SHEETS = globSync("**/*.css", { cwd: SOURCES });

/** A declaration that is the same in both directions of writing, or says which it means, isn't among these. */
const PHYSICAL: readonly RegExp[] = [
  /^(?:(?:margin|padding|border|scroll-margin|scroll-padding)-)?(?:left|right)(?:-(?:width|style|color))?:/,
  /^border-(?:top|bottom)-(?:left|right)-radius:/,
  /^(?:float|clear|text-align|text-align-last): (?:left|right)$/,
  /^transform:.*translate(?:X|3d)?\((?!calc\([^()]* \* var\(--inline\)\)|0\b)/,
  /^box-shadow: inset (?!0\b|calc\([^()]* \* var\(--inline\)\))/,
  /\bto (?:left|right)\b/,
];

function declarations(style: string): readonly string[] {
  return style
    .replaceAll(/\/\*.*?\*\//gs, "")
    .split(/[;{}]/)
    .map((declaration) => declaration.trim().replaceAll(/\s+/g, " "));
}

/** Four sides of which the second and the fourth, right and left, differ. */
function isUneven(declaration: string): boolean {
  const [, value = ""] = /^(?:margin|padding|inset|border-width|border-radius): (.*)$/.exec(declaration) ?? [];
  const sides = value.match(/(?:[^\s()]|\((?:[^()]|\([^()]*\))*\))+/g) ?? [];
  if (sides.length !== 4) return false;
  const [top, right, bottom, left] = sides;
  // Corners are counted from the upper left one.
  return declaration.startsWith("border-radius") ? top !== right || bottom !== left : right !== left;
}

function isPhysical(declaration: string): boolean {
  return isUneven(declaration) || PHYSICAL.some((pattern) => pattern.test(declaration));
}

test.each(SHEETS)("%s says nothing of left and right", (path) => {
  expect(declarations(readFileSync(resolve(SOURCES, path), "utf8")).filter(isPhysical)).toEqual([]);
});

test("what would stand at the wrong side is told from what stands right in both", () => {
  const wrong = [
    "left: 0",
    "margin-right: calc(-1 * var(--space-2))",
    "border-left-width: 2px",
    "border-top-left-radius: 0",
    "text-align: right",
    "transform: translateX(-50%)",
    "transform: translate(2px, 0)",
    "padding: 0 var(--space-2) 0 max(1px, calc(2px + 3px))",
    "border-radius: 1px 2px 1px 2px",
    "box-shadow: inset 3px 0 0 red",
    "background: linear-gradient(to right, red, blue)",
  ];
  const right = [
    "inset-inline-start: 0",
    "text-align: center",
    "transform: translateX(calc(-50% * var(--inline)))",
    "transform: translateY(-6px)",
    "padding: 0 max(1px, 2px) 3px max(1px, 2px)",
    "border-end-end-radius: 0",
    "box-shadow: inset 0 1px 0 red",
  ];
  expect([wrong.filter(isPhysical), right.filter(isPhysical)]).toEqual([wrong, []]);
});
