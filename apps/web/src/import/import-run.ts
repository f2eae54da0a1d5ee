/** An import from the first file to the last: what it is doing, and how it ended. One at a time, whether somebody looks or not. */
import type { ImportReport } from "@instep/protocol";
import type { FileEnd, SendFile } from "./import-call.ts";

/** What has come in so far. */
export type Counted = Pick<ImportReport, "added" | "grown" | "messages">;

export interface ImportProblem {
  /** The file that it is about. */
  readonly file: string;
  readonly code: string;
  readonly detail: string;
}

export type ImportState =
  | { readonly kind: "idle" }
  /** Files that were dropped: whether they are meant to be imported. */
  | { readonly kind: "asking"; readonly files: readonly File[] }
  | {
      readonly kind: "running";
      readonly file: string;
      readonly phase: "sending" | "reading";
      /** Of this phase of this file, from 0 to 1. */
      readonly share: number;
      readonly soFar: Counted;
      /** What was wanted meanwhile: one import at a time. */
      readonly refused: readonly string[];
    }
  /** `report` has the files that came to their end. */
  | {
      readonly kind: "ended";
      readonly how: "done" | "stopped" | "failed";
      readonly report: ImportReport;
      readonly soFar: Counted;
      readonly problem: ImportProblem | null;
      readonly refused: readonly string[];
    };

export interface ImportRun {
  readonly state: () => ImportState;
  readonly subscribe: (listener: () => void) => () => void;
  /** Asks first; while one runs, notes that they have to be given again. */
  readonly ask: (files: readonly File[]) => void;
  readonly begin: (files: readonly File[]) => void;
  readonly stop: () => void;
  /** Ready for another one, unless one runs. */
  readonly clear: () => void;
}

/** A report of nothing. */
export const NO_IMPORTS: ImportReport = {
  read: 0,
  added: 0,
  grown: 0,
  messages: 0,
  versions: 0,
  known: 0,
  kept: 0,
  kept_titles: [],
  empty: 0,
  unreadable: 0,
  too_large: 0,
  presets_left_out: 0,
  left_out: { hidden: 0, empty: 0, tool: 0, thinking: 0, citation: 0, branch: 0, version: 0, other: 0 },
};

interface Finished {
  readonly file: File;
  readonly rest: readonly File[];
  readonly before: ImportReport;
  readonly soFar: Counted;
}

interface Ending {
  readonly soFar?: Counted;
  readonly problem?: ImportProblem;
}

export function createImportRun(send: SendFile): ImportRun {
  const listeners = new Set<() => void>();
  let state: ImportState = { kind: "idle" };
  let stop: () => void = () => undefined;
  let refused: readonly string[] = [];

  function change(next: ImportState): void {
    state = next;
    for (const listener of listeners) listener();
  }

  function importNext([file, ...rest]: readonly File[], before: ImportReport): void {
    if (file === undefined) return end("done", before);
    let soFar: Counted = before;
    const show = (phase: "sending" | "reading", share: number) =>
      change({ kind: "running", file: file.name, phase, share, soFar, refused });
    show("sending", 0);
    stop = send(file, {
      onSent: (share) => show(share < 1 ? "sending" : "reading", share < 1 ? share : 0),
      onProgress: ({ share, ...counted }) => {
        soFar = summed(before, counted);
        show("reading", share);
      },
      onEnd: (ended) => finish(ended, { file, rest, before, soFar }),
    });
  }

  function finish(ended: FileEnd, { file, rest, before, soFar }: Finished): void {
    switch (ended.kind) {
      case "done":
        return importNext(rest, addReports(before, ended.report));
      case "stopped":
        return end("stopped", before, { soFar });
      case "failed": {
        const { code, detail, report } = ended;
        const all = report === null ? before : addReports(before, report);
        // The connection may have broken after what was told.
        const counted = report === null ? soFar : all;
        return end("failed", all, { soFar: counted, problem: { file: file.name, code, detail } });
      }
      default:
        return ended satisfies never;
    }
  }

  function end(how: "done" | "stopped" | "failed", report: ImportReport, { soFar, problem }: Ending = {}): void {
    change({ kind: "ended", how, report, soFar: soFar ?? report, problem: problem ?? null, refused });
  }

  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ask: (files) => {
      if (state.kind !== "running") return change({ kind: "asking", files });
      refused = [...new Set([...refused, ...files.map(({ name }) => name)])];
      return change({ ...state, refused });
    },
    begin: (files) => {
      if (state.kind === "running") return;
      refused = [];
      importNext(files, NO_IMPORTS);
    },
    stop: () => stop(),
    clear: () => {
      if (state.kind !== "running") change({ kind: "idle" });
    },
  };
}

function summed(one: Counted, other: Counted): Counted {
  const { added, grown, messages } = other;
  return { added: one.added + added, grown: one.grown + grown, messages: one.messages + messages };
}

/** The report of two files as one. */
function addReports(one: ImportReport, other: ImportReport): ImportReport {
  const { kept_titles: titles, left_out: leftOut, ...counts } = other;
  const { kept_titles: before, left_out: leftBefore, ...countsBefore } = one;
  return {
    ...addedUp(countsBefore, counts),
    kept_titles: [...before, ...titles],
    left_out: addedUp(leftBefore, leftOut),
  };
}

function addedUp<T extends Readonly<Record<string, number>>>(one: T, other: T): T {
  const sums = Object.entries(one).map(([name, count]) => [name, count + (other[name] ?? 0)]);
  return Object.fromEntries(sums) as T;
}
