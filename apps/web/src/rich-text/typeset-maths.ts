/** Typesets TeX as MathML, which browsers draw by themselves. What it takes depends on the text, so that only what can be ended from outside may call it [SAFE-2]. */
import temml from "temml";
import { type MathsElement, mathsTree } from "./maths-tree.ts";

const { __renderToMathMLTree: renderTree } = temml;

/** In ems and points: nothing that a formula asks for grows far out of its place. */
const MAX_SIZE: [number, number] = [20, 200];
const MAX_MACROS = 500;

/** The formula; null where it can't be set as it is written. */
export function typeset(tex: string, isDisplay: boolean): MathsElement | null {
  try {
    return mathsTree(
      renderTree(tex, {
        displayMode: isDisplay,
        throwOnError: true,
        trust: false,
        maxSize: MAX_SIZE,
        maxExpand: MAX_MACROS,
      }),
    );
  } catch {
    // TeX that isn't: its writer sees it as it was written.
    return null;
  }
}
