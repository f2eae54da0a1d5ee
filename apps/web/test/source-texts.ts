/** The texts that stand in the page's sources, and where: what a person reads has to go through the words' layer. */
import { readdirSync, readFileSync } from "node:fs";
import { parseSync } from "vite";

export interface SourceText {
  readonly text: string;
  readonly line: number;
  /** Shown as it stands, as an element's text or by an attribute that tells something; or any other literal, as what `t` is given. */
  readonly place: "shown" | "literal";
}

const SOURCES = `${import.meta.dirname}/../src/`;
const TELLING =
  /^(?:aria-(?:label|description|roledescription|valuetext|placeholder)|title|placeholder|alt|label|legend|hint|words)$/;
const MARKUP = /^(?:class|rel|autocomplete|style|key)$/;
/** What has no texts for anybody: imports, types, the attributes of markup, errors of the program itself. */
const MUTE = /^(?:Import|ExportAll|TS(?:Type|Interface|Literal|Union))/;

/** Every file of the page that is no test's, by its path in `src`; the catalogues are not among them. */
export function sourceFiles(): readonly string[] {
  return readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file) && !file.startsWith("words/german/"))
    .sort();
}

export function readSource(file: string): string {
  return readFileSync(SOURCES + file, "utf8");
}

/** The literal texts of a source, in order. */
export function textsIn(source: string, file = "source.tsx"): readonly SourceText[] {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`The source can't be read: ${errors[0]?.message}`);
  const found: SourceText[] = [];
  visit(program, "literal", (text, start, place) => {
    if (/\p{L}/u.test(text)) found.push({ text, line: source.slice(0, start).split("\n").length, place });
  });
  return found;
}

type Place = SourceText["place"];
type Add = (text: string, start: number, place: Place) => void;

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

function visit(value: unknown, place: Place, add: Add): void {
  if (Array.isArray(value)) for (const each of value) visit(each, place, add);
  if (!isNode(value) || isMute(value)) return;
  const { type, start } = value;
  if (type === "JSXText") add(String(value["value"]).trim(), start, "shown");
  else if (type === "Literal" && typeof value["value"] === "string") add(value["value"], start, place);
  else if (type === "TemplateElement") add(cooked(value["value"]), start, place);
  else if (type === "CallExpression" && nameOf(value["callee"]) === "plural") {
    // English alone has the form for one: it is no text of its own.
    const [count, , ...texts] = Array.isArray(value["arguments"]) ? value["arguments"] : [];
    visit([count, ...texts], "literal", add);
  } else visitChildren(value, place, add);
}

function visitChildren(node: Node, place: Place, add: Add): void {
  for (const [key, child] of Object.entries(node)) {
    visit(child, key === "test" ? "literal" : placeIn(node, place), add);
  }
}

function isMute(node: Node): boolean {
  if (node.type === "NewExpression") return nameOf(node["callee"]).endsWith("Error");
  if (node.type !== "JSXAttribute") return MUTE.test(node.type);
  const name = nameOf(node["name"]);
  return MARKUP.test(name) || (typeOf(node["value"]) === "Literal" && !TELLING.test(name));
}

function placeIn({ type, ...node }: Node, place: Place): Place {
  if (type === "JSXElement" || type === "JSXFragment") return "shown";
  if (type === "JSXAttribute") return TELLING.test(nameOf(node["name"])) ? "shown" : "literal";
  // What a call is given, a function does or two values are compared by isn't shown by standing there.
  return /Call|Function|Binary|Member/.test(type) ? "literal" : place;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function typeOf(value: unknown): string {
  return isNode(value) ? value.type : "";
}

function nameOf(value: unknown): string {
  return isNode(value) ? String(value["name"]) : "";
}

function cooked(value: unknown): string {
  return typeof value === "object" && value !== null && "cooked" in value ? String(value.cooked) : "";
}
