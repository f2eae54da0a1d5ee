/** Every call that the program's own OpenAPI document names, with the shapes that it takes and answers. */
import { Compile } from "typebox/compile";
import type { TSchema } from "typebox";

/** A JSON schema as the document has it. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly additionalProperties?: boolean | Schema;
}

export interface Operation {
  readonly method: string;
  /** As the document names it, with its parameters in braces. */
  readonly path: string;
  readonly pathNames: readonly string[];
  readonly queryNames: readonly string[];
  readonly body: Schema | null;
  /** What is wrong with a good answer, by its status; no entry: the status is not documented. */
  readonly faultOf: ReadonlyMap<number, (value: unknown) => string | null>;
  readonly isStream: boolean;
}

interface DocumentedOperation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> };
}

const JSON_TYPE = "application/json";

/** Reads the document. */
export function operationsOf(document: OpenApiDocument): readonly Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, documented]) => operationOf(document, { path, method, documented })),
  );
}

interface Named {
  readonly path: string;
  readonly method: string;
  readonly documented: DocumentedOperation;
}

function operationOf(document: OpenApiDocument, { path, method, documented }: Named): Operation {
  const { parameters = [], requestBody, responses } = documented;
  const namesIn = (place: string) => parameters.filter((one) => one.in === place).map(({ name }) => name);
  const body = requestBody?.content[JSON_TYPE]?.schema;
  const good = Object.entries(responses).filter(([status]) => status !== "default");
  return {
    method: method.toUpperCase(),
    path,
    pathNames: namesIn("path"),
    queryNames: namesIn("query"),
    body: body === undefined ? null : (resolved(document, body) as Schema),
    faultOf: new Map(
      good.map(([status, { content }]) => {
        const schema = content?.[JSON_TYPE]?.schema;
        return [Number(status), schema === undefined ? () => null : faultFinder(resolved(document, schema))];
      }),
    ),
    isStream: good.some(([, { content }]) => content?.["text/event-stream"] !== undefined),
  };
}

/** Every reference replaced by what it names. */
function resolved(document: OpenApiDocument, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(document, item));
  if (typeof value !== "object" || value === null) return value;
  const { $ref: reference, ...members } = value as Readonly<Record<string, unknown>>;
  if (typeof reference === "string") {
    return resolved(document, document.components?.schemas?.[reference.split("/").at(-1) ?? ""]);
  }
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, resolved(document, member)]));
}

/** Judges a value: members that the document doesn't name are faults too. */
function faultFinder(schema: unknown): (value: unknown) => string | null {
  const check = Compile(closed(schema) as TSchema);
  return (value) => (check.Check(value) ? null : JSON.stringify(check.Errors(value).slice(0, 3)));
}

function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, closed(member)]));
  const isOpenObject = "properties" in members && members["type"] === "object" && !("additionalProperties" in members);
  return isOpenObject ? { ...members, additionalProperties: false } : members;
}
