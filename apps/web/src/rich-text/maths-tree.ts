/** Typeset maths as a tree of our own: elements, attributes and styles of which each is known to be harmless [SAFE-2]. */

export interface MathsElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Properties as scripts name them; no style sheet and no markup is needed for them. */
  readonly style: Readonly<Record<string, string>>;
  readonly children: readonly (MathsElement | string)[];
}

const EMPTY: MathsElement = { name: "mrow", attributes: {}, style: {}, children: [] };

const MAX_DEPTH = 100;
const MAX_ELEMENTS = 5000;

/** No links, no images, nothing that loads or runs. */
export const MATHS_ELEMENTS: ReadonlySet<string> = new Set(
  "math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle mpadded mphantom merror menclose msub msup msubsup munder mover munderover mmultiscripts mprescripts mtable mtr mtd none".split(
    " ",
  ),
);

/** Those of MathML itself; a class is the library's own. */
const MATHS_ATTRIBUTES: ReadonlySet<string> = new Set(
  "accent accentunder class columnalign columnlines columnspacing depth dir display displaystyle fence form height largeop linethickness lspace mathsize mathvariant maxsize minsize movablelimits notation rowlines rowspacing rspace scriptlevel separator stretchy symmetric voffset width columnspan rowspan".split(
    " ",
  ),
);

const MATHS_STYLES: ReadonlySet<string> = new Set(
  "color backgroundColor padding paddingTop paddingRight paddingBottom paddingLeft margin marginTop marginRight marginBottom marginLeft border borderTop borderRight borderBottom borderLeft borderColor borderStyle borderWidth width minWidth height textAlign verticalAlign fontWeight fontStyle fontSize mathStyle mathDepth mathShift".split(
    " ",
  ),
);
/** A value without functions: no address in it. */
const VALUE = /^[\w\s.,%#+-]{1,100}$/;

/** The library's nodes as such a tree; null where there is anything else in them, or too much of it. */
export function mathsTree(node: unknown): MathsElement | null {
  let count = 0;
  const element = (node: unknown, depth: number): MathsElement | null => {
    if (!isRecord(node) || depth > MAX_DEPTH || ++count > MAX_ELEMENTS) return null;
    const name = node["type"] || "mrow";
    // The place of an equation's number, which formulas of a chat don't have.
    if (name === "span" && list(node["children"]).length === 0) return EMPTY;
    if (typeof name !== "string" || !MATHS_ELEMENTS.has(name)) return null;
    const children = list(node["children"]).map((child) => textOf(child) ?? element(child, depth + 1));
    if (!children.every((child) => child !== null)) return null;
    const classes = list(node["classes"]).filter((name) => typeof name === "string" && name !== "");
    const attributes = {
      ...known(node["attributes"], MATHS_ATTRIBUTES),
      ...(classes.length > 0 && { class: classes.join(" ") }),
    };
    return { name, attributes, style: known(node["style"], MATHS_STYLES), children };
  };
  return element(node, 0);
}

function textOf(node: unknown): string | null {
  return isRecord(node) && typeof node["text"] === "string" ? node["text"] : null;
}

function known(values: unknown, names: ReadonlySet<string>): Readonly<Record<string, string>> {
  if (!isRecord(values)) return {};
  const entries = Object.entries(values).map(([name, value]) => [name, String(value)] as const);
  return Object.fromEntries(entries.filter(([name, value]) => names.has(name) && VALUE.test(value)));
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
