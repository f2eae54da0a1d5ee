/** What is wrong with a body, from what its schema found: which member, and what may stand there. */
import type { Refusal } from "@instep/sync-server";
import { arrayOf, recordOf, stringOf, type JsonRecord } from "./json-value.ts";

/** The refusal that names the first member at fault; `errors` are the validator's, of which several may be of one member. */
export function invalidBody(errors: readonly unknown[]): Refusal {
  const faults = errors.map(recordOf);
  const [first = {}] = faults;
  const [missing] = first["keyword"] === "required" ? listOf(first, "requiredProperties") : [];
  const field = [...namesOf(first), ...(missing === undefined ? [] : [missing])].join(".");
  const ofThisMember = faults.filter((fault) => fault["instancePath"] === first["instancePath"]);
  const why = missing === undefined ? whyOf(first, ofThisMember) : "is missing";
  if (field === "") return { refused: "invalid_body", detail: `The body ${why}.` };
  return { refused: "invalid_body", detail: `${field} ${why}.`, members: { field } };
}

/** Where a member may be one of several, each that it isn't is a fault of its own. */
function whyOf(first: JsonRecord, faults: readonly JsonRecord[]): string {
  const choices = faults.filter(({ keyword }) => keyword === "const").map(({ params }) => recordOf(params));
  if (choices.length > 0) {
    const allowed = choices.map(({ allowedValue }) => String(allowedValue));
    return allowed.length === 1 ? `is not ${allowed.join()}` : `is none of ${allowed.join(", ")}`;
  }
  const { keyword } = first;
  if (keyword === "type") return `must be ${faults.flatMap((fault) => listOf(fault, "type")).join(" or ")}`;
  if (keyword === "pattern") return "does not have the right form";
  if (keyword === "minProperties") return "needs at least one member";
  return stringOf(first["message"]) ?? "is not valid";
}

function namesOf({ instancePath }: JsonRecord): readonly string[] {
  return (stringOf(instancePath) ?? "").split("/").slice(1);
}

function listOf({ params }: JsonRecord, name: string): readonly string[] {
  const value = recordOf(params)[name];
  return (Array.isArray(value) ? arrayOf(value) : [value]).filter((one) => typeof one === "string");
}
