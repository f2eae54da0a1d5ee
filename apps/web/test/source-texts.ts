/** The texts that stand in the page's sources, and where: what a person reads has to go through the words' layer. */
import { readdirSync, readFileSync } from "node:fs";
import { parseSync } from "vite";

export interface SourceText {
  readonly text: string;
  readonly line: number;
  /**
   * Given to `t`; shown as it stands, as an element's text or by an attribute that tells something; outside any function, as in a
   * table of texts; or anywhere else.
   */
  readonly place: "said" | "shown" | "table" | "loose";
}

const SOURCES = `${import.meta.dirname}/../src/`;
const TELLING =
  /^(?:aria-(?:label|description|roledescription|valuetext|placeholder)|title|placeholder|alt|label|legend|hint|words)$/;
const SAYING = /^(?:t|tParts|plural)$/;
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
  visit(program, "table", (text, start, place) => {
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
  else if (type === "CallExpression" && SAYING.test(nameOf(value["callee"]))) visit(saidBy(value), "said", add);
  else visitChildren(value, place, add);
}

function visitChildren(node: Node, place: Place, add: Add): void {
  for (const [key, child] of Object.entries(node)) {
    visit(child, key === "test" ? unshown(place) : placeIn(node, place), add);
  }
}

/** What a call of the layer is given; English alone has the form for one, which is no text of its own. */
function saidBy(call: Node): readonly unknown[] {
  const given: readonly unknown[] = Array.isArray(call["arguments"]) ? call["arguments"] : [];
  return nameOf(call["callee"]) === "plural" ? given.toSpliced(1, 1) : given;
}

function isMute(node: Node): boolean {
  if (node.type === "NewExpression") return nameOf(node["callee"]).endsWith("Error");
  if (node.type !== "JSXAttribute") return MUTE.test(node.type);
  const name = nameOf(node["name"]);
  return MARKUP.test(name) || (typeOf(node["value"]) === "Literal" && !TELLING.test(name));
}

function placeIn({ type, ...node }: Node, place: Place): Place {
  if (type === "JSXElement" || type === "JSXFragment") return "shown";
  if (type === "JSXAttribute") return TELLING.test(nameOf(node["name"])) ? "shown" : "loose";
  if (type.includes("Function")) return "loose";
  return /Call|Binary|Member/.test(type) ? unshown(place) : place;
}

/** What a call is given, or two values are compared by, isn't shown by standing there. */
function unshown(place: Place): Place {
  return place === "shown" ? "loose" : place;
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
