/** What an import has done, in words that whoever wrote the conversations understands. */
import type { ImportReport } from "@instep/protocol";
import { anyFailureWords } from "../errors/all-failure-texts.ts";
import type { Counted, ImportState, ImportProblem } from "./import-run.ts";
import { type English, numeral, plural, t } from "../words/words.ts";

type Ended = ImportState & { readonly kind: "ended" };

/** In one sentence. */
export function outcomeWords({ how, report, soFar }: Ended): string {
  if (how === "stopped") return t("Stopped. {cameIn} Importing again goes on from there.", { cameIn: cameIn(soFar) });
  if (how === "failed") return cameIn(soFar);
  if (soFar.added > 0) return addedWords(soFar);
  const grown = conversations(soFar.grown);
  if (soFar.grown > 0) return t("{conversations} that stood here got what is new.", { conversations: grown });
  return report.known > 0 ? t("Nothing new: all of it is here already.") : t("There was nothing to bring in.");
}

function addedWords(soFar: Counted): string {
  const added = conversations(soFar.added);
  return soFar.messages > 0
    ? t("{conversations} came in, {messages} in all.", { conversations: added, messages: messages(soFar.messages) })
    : t("{conversations} came in.", { conversations: added });
}

function cameIn(soFar: Counted): string {
  const some = soFar.added + soFar.grown;
  return some === 0
    ? t("Nothing had come in yet.")
    : t("What came in before stays: {conversations}.", { conversations: conversations(some) });
}

/** The server's own sentence where it is about the file; else what the code means to a person. */
export function importProblemWords({ file, code, detail }: ImportProblem): string {
  if (code === "body_too_large") {
    return t(
      "{file} is larger than this server takes. Whoever runs it can raise IMPORT_LIMIT_MB, or use the command.",
      { file },
    );
  }
  const isOfTheFile = code === "unreadable_file" || code === "invalid_body";
  if (isOfTheFile && detail !== "") return `${file}: ${detail}`;
  if (code === "unreachable") return t("The connection broke. Import the file again: it goes on from there.");
  return anyFailureWords(code);
}

const LEFT_OUT = {
  hidden: "hidden ¦ parts",
  empty: "without text",
  tool: "calls and results of tools",
  thinking: "thoughts of a model",
  citation: "references to sources",
  branch: "on other branches",
  version: "earlier versions whose time has ended",
  other: "of an unknown kind",
} as const satisfies Readonly<Record<keyof ImportReport["left_out"], English>>;

/** What else there is to know, a line each; nothing where all came in. */
export function detailLines(report: ImportReport): readonly string[] {
  const {
    added,
    grown,
    known,
    kept,
    versions,
    empty,
    unreadable,
    too_large: tooLarge,
    presets_left_out: presets,
  } = report;
  const lines = [
    [versions, t("Earlier versions of what was edited or asked again: {count}.", { count: versions })],
    [added > 0 ? grown : 0, t("Here already, and continued with what is new: {count}.", { count: grown })],
    [kept, t("Changed here since, and left as they are: {titles}.", { titles: titles(report) })],
    [known, t("Here already, or deleted here before: {count}.", { count: known })],
    [empty, t("Without any message: {count}.", { count: empty })],
    [tooLarge, t("Too long to come in here; the command takes them: {count}.", { count: tooLarge })],
    [presets, t("Presets that there is no room for, or that are none: {count}.", { count: presets })],
    [unreadable, t("No conversations: {count}.", { count: unreadable })],
  ] as const;
  return [...lines.flatMap(([times, line]) => (times > 0 ? [line] : [])), ...leftOutLine(report)];
}

function leftOutLine({ left_out: leftOut }: ImportReport): readonly string[] {
  const reasons = Object.entries(LEFT_OUT)
    .map(([why, words]) => ({ words, times: leftOut[why as keyof typeof LEFT_OUT] }))
    .filter(({ times }) => times > 0)
    .map(({ words, times }) => `${numeral(times)} ${t(words)}`);
  return reasons.length > 0
    ? [t("Parts of conversations that were left out: {reasons}.", { reasons: reasons.join(", ") })]
    : [];
}

function titles({ kept, kept_titles: named }: ImportReport): string {
  const quoted = named.map((title) => t("“{title}”", { title })).join(", ");
  return kept > named.length ? t("{titles} and {count} more", { titles: quoted, count: kept - named.length }) : quoted;
}

export function conversations(count: number): string {
  return plural(count, "1 conversation", "{count} conversations");
}

export function messages(count: number): string {
  return plural(count, "1 message", "{count} messages");
}
