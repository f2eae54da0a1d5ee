/** Texts made rich, remembered for a while: shown again, a text is rich at once. */
import { keyOf, type TextJob, type TextResult } from "./text-job.ts";

/** `unreachable` may be tried again later, `too-long` would be again. */
export type TextOutcome =
  | { readonly kind: "done"; readonly result: TextResult }
  | { readonly kind: "too-long" }
  | { readonly kind: "unreachable" };

/** Does a job elsewhere. */
export type RunTextJob = (job: TextJob) => Promise<TextOutcome>;

export interface RichText {
  /** What is known already; undefined where it has to be asked for. */
  readonly known: (job: TextJob) => TextResult | undefined;
  /** Resolves when `known` says more than before, or can't; at once where it does already. */
  readonly ask: (job: TextJob) => Promise<void>;
}

/** Longer ones stay as they were written: nobody reads them for their colours. */
const MAX_SOURCE = 300_000;
/** Characters of all that is remembered. */
const MAX_REMEMBERED = 2_000_000;

export function createRichText(run: RunTextJob): RichText {
  const results = new Map<string, TextResult>();
  /** What is under way, and what is remembered. */
  const asked = new Map<string, Promise<void>>();
  let size = 0;
  const remember = (key: string, result: TextResult) => {
    results.set(key, result);
    size += key.length;
    for (const oldest of results.keys()) {
      if (size <= MAX_REMEMBERED) break;
      results.delete(oldest);
      asked.delete(oldest);
      size -= oldest.length;
    }
  };
  const work = async (key: string, job: TextJob) => {
    const outcome = await run(job);
    if (outcome.kind === "unreachable") asked.delete(key);
    else remember(key, outcome.kind === "done" ? outcome.result : null);
  };
  return {
    known: (job) => (job.source.length > MAX_SOURCE ? null : results.get(keyOf(job))),
    ask: (job) => {
      const key = keyOf(job);
      const pending = asked.get(key) ?? work(key, job);
      asked.set(key, pending);
      return pending;
    },
  };
}
