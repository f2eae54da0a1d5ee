/** What is asked of the thread that makes texts rich, and what it answers. */
import type { CodeTokens } from "./code-tokens.ts";
import type { MathsElement } from "./maths-tree.ts";

export type TextJob =
  | { readonly kind: "code"; readonly source: string; readonly language: string }
  /** TeX, without what marks it as such. */
  | { readonly kind: "maths"; readonly source: string; readonly isDisplay: boolean };

/** Null where it can't be done: then the text stays as it was written. */
export type TextResult = CodeTokens | MathsElement | null;

export interface TextRequest {
  readonly id: number;
  readonly job: TextJob;
}

/** `begun`: everything is loaded, and from here on it takes time for the text alone. `unloaded`: something could not be. */
export type TextAnswer =
  | { readonly id: number; readonly state: "begun" | "unloaded" }
  | { readonly id: number; readonly state: "done"; readonly result: TextResult };

/** What names a job: the same key has the same result. */
export function keyOf(job: TextJob): string {
  return job.kind === "code" ? `code ${job.language}\n${job.source}` : `maths ${job.isDisplay}\n${job.source}`;
}
