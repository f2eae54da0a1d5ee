/** The words of an endpoint's error, found in whatever shape it has, and made fit to be shown: one line, no key in it [MODEL-6]. */
import { arrayOf, isRecord, parseJson, recordOf, stringOf, numberOf } from "../json-value.ts";
import { withinCodeUnits } from "../storable-text.ts";

const MAX_LENGTH = 300;
const MAX_DEPTH = 8;
/** No more of a text than this is looked at: some servers echo the whole conversation [SAFE-2]. */
const MAX_READ_LENGTH = 4_000;
/** Of an error inside an answer this much is kept: characters and members together. */
const MAX_EMBEDDED_SIZE = 64 * 1024;

/** The sentence that an error's body holds, without secrets; empty where there is none. */
export function wordsOf(body: string, apiKey: string | null): string {
  const parsed = parseJson(body);
  const said = parsed === undefined ? plainText(body) : (messageOf(parsed) ?? "");
  return withoutSecrets(said, apiKey);
}

/** An error that came inside an answer as the body that it would have been alone: its beginning, where it is long or deep [SAFE-2]. */
export function bodyOfEmbedded(error: unknown): string {
  let left = MAX_EMBEDDED_SIZE;
  const keptOf = (value: unknown, depth: number): unknown => {
    left--;
    if (typeof value === "string") {
      const kept = withinCodeUnits(value, Math.max(0, left));
      left -= kept.length;
      return kept;
    }
    if (typeof value !== "object" || value === null) return value;
    const kept: [name: string, member: unknown][] = [];
    for (const [name, member] of Object.entries(value)) {
      if (left <= 0 || depth > 2 * MAX_DEPTH) break;
      left -= name.length;
      kept.push([name, keptOf(member, depth + 1)]);
    }
    return Array.isArray(value) ? kept.map(([, member]) => member) : Object.fromEntries(kept);
  };
  return JSON.stringify({ error: keptOf(error, 0) });
}

/** All that the error says about its kind: words, code, type and parameter, for judging it only. */
export function signsOf(body: string): string {
  const parsed = parseJson(body);
  if (parsed === undefined) return withinCodeUnits(plainText(body), MAX_READ_LENGTH);
  const error = recordOf(isRecord(parsed) ? (parsed["error"] ?? parsed) : arrayOf(parsed)[0]);
  const named = ["code", "type", "status"].map((name) => stringOf(error[name]) ?? stringOf(recordOf(parsed)[name]));
  const signs = [messageOf(parsed), ...named, providerWords(error)].filter((sign) => sign !== null);
  return signs.map((sign) => withinCodeUnits(sign, MAX_READ_LENGTH)).join(" ");
}

/** The HTTP status that an error inside of an answer names; null where it names none. */
export function statusOf(error: unknown): number | null {
  const record = recordOf(error);
  const codes = [record["code"], record["status"], record["status_code"], recordOf(record["error"])["code"]];
  return codes.map((code) => numberOf(code) ?? Number(stringOf(code) ?? Number.NaN)).find(isErrorStatus) ?? null;
}

function isErrorStatus(status: number): boolean {
  return status >= 400 && status < 600;
}

/** The shapes in use: `{error: {message}}`, `{error: "…"}`, `{message}`, `{detail: "…" | [{msg}]}`, and a list or a text of JSON around any of them. */
function messageOf(body: unknown, depth = 0): string | null {
  if (depth > MAX_DEPTH) return null;
  if (typeof body === "string") {
    const inner = /^\s*[{[]/.test(body) ? parseJson(body) : undefined;
    return inner === undefined ? body : messageOf(inner, depth + 1);
  }
  if (Array.isArray(body)) return messageOf(body[0], depth + 1);
  if (!isRecord(body)) return null;
  const members = ["error", "message", "msg", "detail", "error_message", "errors", "reason"].map((name) => body[name]);
  const found = members.map((member) => messageOf(member, depth + 1)).find((message) => (message ?? "") !== "");
  return found === undefined || found === null ? null : withProviderWords(found, body);
}

/** OpenRouter passes on what its provider said beside a message that says only that there was an error. */
function withProviderWords(message: string, error: Readonly<Record<string, unknown>>): string {
  const raw = providerWords(error);
  return raw === null || message.includes(raw) ? message : `${message}: ${raw}`;
}

function providerWords(error: Readonly<Record<string, unknown>>): string | null {
  const { raw } = recordOf(error["metadata"]);
  return stringOf(raw) === null ? null : messageOf(raw, 1);
}

/** Words that are no page of HTML. */
function plainText(body: string): string {
  return /^\s*</.test(body) ? "" : body;
}

/** One line without the key, a part of it, or anything that looks like one; without a full stop at the end. */
function withoutSecrets(text: string, apiKey: string | null): string {
  const line = hideKey(text, apiKey)
    .replace(/Bearer\s+\S+/gi, "Bearer …")
    .replace(/\b(?:sk|pk|gsk|xai|rk|nvapi|hf|AIza)[-_][\w*.-]{6,}|\bAIza[\w*-]{10,}/gi, "…")
    .replace(/\S+/g, (run) => (run.includes("***") ? "…" : run))
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return line.slice(0, MAX_LENGTH).replace(/[\uD800-\uDBFF]$|[.!]$/u, "");
}

/** Also as it stands in an address or in JSON, in another case, and in pieces: servers echo its beginning or its end. No more than the beginning of a text. */
function hideKey(text: string, apiKey: string | null): string {
  const start = withinCodeUnits(text, MAX_READ_LENGTH);
  if (apiKey === null || apiKey === "") return start;
  const forms = [apiKey, encodeURIComponent(apiKey), JSON.stringify(apiKey).slice(1, -1)];
  const hidden = forms.reduce((rest, form) => rest.replaceAll(new RegExp(escaped(form), "gi"), "…"), start);
  // Where the text was cut, half of a key may stand.
  const whole = start === text ? hidden : hidden.slice(0, -Math.max(...forms.map(({ length }) => length)));
  const isPiece = (run: string) => run.length >= MIN_PIECE && apiKey.includes(run);
  return whole.replaceAll(/[^\s"'`,;:()<>{}[\]…*.]+/g, (run) => (isPiece(run) ? "…" : run));
}

/** A shorter run of the key's letters is a word that it happens to contain. */
const MIN_PIECE = 6;

function escaped(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, "\\$&");
}
