/** The call that sends a file of conversations: what has gone out, what has become of it, and its end. Not by `fetch`, which can't say how much has gone out. */
import type { ImportFailure, ImportProgress, ImportReport } from "@instep/protocol";
import { ACCOUNT_HEADER } from "../sync/ask-as.ts";

/** How a file's import ended. */
export type FileEnd =
  | { readonly kind: "done"; readonly report: ImportReport }
  /** `report` is null where the server has not begun. */
  | { readonly kind: "failed"; readonly code: string; readonly detail: string; readonly report: ImportReport | null }
  | { readonly kind: "stopped" };

export interface FileListener {
  /** From 0 to 1, while the file goes out. */
  readonly onSent: (share: number) => void;
  readonly onProgress: (progress: ImportProgress) => void;
  readonly onEnd: (end: FileEnd) => void;
}

/** Sends a file; the function that is returned stops it, and what the server has written stays. */
export type SendFile = (file: File, listener: FileListener) => () => void;

const OK = 200;
const TOO_LARGE = 413;
const NO_WORD = { kind: "failed", detail: "", report: null } as const;

/** The call for one account [IMPORT-1]. */
export function fileSender(accountId: string): SendFile {
  return (file, { onSent, onProgress, onEnd }) => {
    const request = new XMLHttpRequest();
    let taken = 0;
    let end: FileEnd | null = null;
    const takeEvents = () => {
      if (request.status !== OK) return;
      for (;;) {
        const next = request.responseText.indexOf("\n\n", taken);
        if (next < 0) return;
        const event = eventOf(request.responseText.slice(taken, next));
        taken = next + 2;
        if (event?.kind === "progress") onProgress(event.progress);
        else end = event ?? end;
      }
    };
    request.upload.addEventListener("progress", ({ loaded, total }) => onSent(total > 0 ? loaded / total : 1));
    request.addEventListener("progress", takeEvents);
    request.addEventListener("load", () => {
      takeEvents();
      onEnd(request.status === OK ? (end ?? { ...NO_WORD, code: "unreachable" }) : refusalOf(request));
    });
    request.addEventListener("error", () => onEnd(end ?? { ...NO_WORD, code: "unreachable" }));
    request.addEventListener("abort", () => onEnd({ kind: "stopped" }));
    request.open("POST", "/api/import");
    request.setRequestHeader(ACCOUNT_HEADER, accountId);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.send(file);
    return () => request.abort();
  };
}

type Told = FileEnd | { readonly kind: "progress"; readonly progress: ImportProgress };

/** Null for a comment, and for what a newer server tells. */
function eventOf(block: string): Told | null {
  const fields = new Map(block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line]));
  const valueOf = (name: string) => (fields.get(name) ?? "").slice(name.length + 2);
  const data: unknown = fields.has("data") ? JSON.parse(valueOf("data")) : null;
  switch (valueOf("event")) {
    case "progress":
      return { kind: "progress", progress: data as ImportProgress };
    case "done":
      return { kind: "done", report: data as ImportReport };
    case "error":
      return { kind: "failed", ...(data as ImportFailure) };
    default:
      return null;
  }
}

/** What refused it may be a proxy, with a page or words of its own. */
function refusalOf({ status, responseText }: XMLHttpRequest): FileEnd {
  const { code, detail } = problemOf(responseText);
  if (typeof code !== "string") return { ...NO_WORD, code: status === TOO_LARGE ? "body_too_large" : "bad_answer" };
  return { ...NO_WORD, code, detail: typeof detail === "string" ? detail : "" };
}

function problemOf(text: string): { readonly code?: unknown; readonly detail?: unknown } {
  try {
    return (JSON.parse(text) as object | null) ?? {};
  } catch {
    return {};
  }
}
