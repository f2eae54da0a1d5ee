/** What an import has done, in words that whoever wrote the conversations understands. */
import type { ImportReport } from "@instep/protocol";
import { accountFailureText } from "../errors/account-failure-texts.ts";
import type { Counted, ImportState, ImportProblem } from "./import-run.ts";

type Ended = ImportState & { readonly kind: "ended" };

/** In one sentence. */
export function outcomeWords({ how, report, soFar }: Ended): string {
  const what = `${count(soFar.added, "conversation")} came in${soFar.messages > 0 ? `, ${count(soFar.messages, "message")} in all` : ""}.`;
  if (how === "stopped") return `Stopped. ${cameIn(soFar)} Importing again goes on from there.`;
  if (how === "failed") return cameIn(soFar);
  if (soFar.added > 0) return what;
  if (soFar.grown > 0) return `${count(soFar.grown, "conversation")} that stood here got what is new.`;
  return report.known > 0 ? "Nothing new: all of it is here already." : "There was nothing to bring in.";
}

function cameIn(soFar: Counted): string {
  const some = soFar.added + soFar.grown;
  return some === 0 ? "Nothing had come in yet." : `What came in before stays: ${count(some, "conversation")}.`;
}

/** The server's own sentence where it is about the file; else what the code means to a person. */
export function importProblemWords({ file, code, detail }: ImportProblem): string {
  if (code === "body_too_large") {
    return `${file} is larger than this server takes. Whoever runs it can raise IMPORT_LIMIT_MB, or use the command.`;
  }
  const isOfTheFile = code === "unreadable_file" || code === "invalid_body";
  if (isOfTheFile && detail !== "") return `${file}: ${detail}`;
  const { title, advice } = accountFailureText(code);
  if (code === "unreachable") return "The connection broke. Import the file again: it goes on from there.";
  return `${title} ${advice}`;
}

const LEFT_OUT: Readonly<Record<keyof ImportReport["left_out"], string>> = {
  hidden: "hidden",
  empty: "without text",
  tool: "calls and results of tools",
  thinking: "thoughts of a model",
  citation: "references to sources",
  branch: "on other branches",
  version: "earlier versions whose time has ended",
  other: "of an unknown kind",
};

/** What else there is to know, a line each; nothing where all came in. */
export function detailLines(report: ImportReport): readonly string[] {
  const { added, grown, known, kept, versions, empty, unreadable, too_large: tooLarge } = report;
  const lines = [
    [versions, `Earlier versions of what was edited or asked again: ${number(versions)}.`],
    [added > 0 ? grown : 0, `Here already, and continued with what is new: ${number(grown)}.`],
    [kept, `Changed here since, and left as they are: ${titles(report)}.`],
    [known, `Here already, or deleted here before: ${number(known)}.`],
    [empty, `Without any message: ${number(empty)}.`],
    [tooLarge, `Too long to come in here; the command takes them: ${number(tooLarge)}.`],
    [unreadable, `No conversations: ${number(unreadable)}.`],
  ] as const;
  return [...lines.flatMap(([times, line]) => (times > 0 ? [line] : [])), ...leftOutLine(report)];
}

function leftOutLine({ left_out: leftOut }: ImportReport): readonly string[] {
  const reasons = Object.entries(LEFT_OUT)
    .map(([why, words]) => ({ words, times: leftOut[why as keyof typeof LEFT_OUT] }))
    .filter(({ times }) => times > 0)
    .map(({ words, times }) => `${number(times)} ${words}`);
  return reasons.length > 0 ? [`Parts of conversations that were left out: ${reasons.join(", ")}.`] : [];
}

function titles({ kept, kept_titles: named }: ImportReport): string {
  const quoted = named.map((title) => `“${title}”`).join(", ");
  return kept > named.length ? `${quoted} and ${number(kept - named.length)} more` : quoted;
}

export function count(times: number, noun: string): string {
  return `${number(times)} ${noun}${times === 1 ? "" : "s"}`;
}

function number(value: number): string {
  return value.toLocaleString("en");
}
