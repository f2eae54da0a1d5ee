/** Searching titles and messages as one types: the answer shown is always the one for the words that stand. */
import type { SearchAnswer } from "@instep/protocol";
import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useEnvironment } from "../environment.ts";
import { type Failure, isFailure } from "../sync/device.ts";
import { useDevice } from "../sync/device-context.ts";
import { useCurrentResults } from "../sync/use-current-results.ts";

export type SearchResult = SearchAnswer["results"][number];

export interface Search {
  readonly phase: "idle" | "searching" | "ready" | "failed";
  readonly results: readonly SearchResult[];
  /** Why nothing can be shown, or where it is ready, no more than that. */
  readonly problem: Failure | null;
  /** Loads what comes next; null where that was all. */
  readonly more: (() => void) | null;
  /** Asks once more for what could not be had. */
  readonly retry: () => void;
}

const PAUSE_MS = 150;
const IDLE = { phase: "idle", results: [], problem: null, cursor: null } as const;

interface SearchState extends Omit<Search, "more" | "retry"> {
  readonly cursor: string | null;
}

/** The results for `query`; nothing is asked while it is blank, or until one stops typing for a moment. */
export function useSearch(query: string): Search {
  const { transport } = useDevice();
  const environment = useEnvironment();
  const [state, setState] = useState<SearchState>(IDLE);
  const words = query.trim();
  /** The newest question; an answer to any other one comes too late. */
  const asked = useRef<object | null>(null);

  const ask = useCallback(
    async (cursor: string | null) => {
      setState((before) => ({ ...before, phase: cursor === null ? "searching" : "ready", problem: null }));
      const question = {};
      asked.current = question;
      const answer = await transport.search(words, cursor);
      if (asked.current !== question) return;
      setState((before) => {
        if (isFailure(answer)) return { ...before, phase: cursor === null ? "failed" : "ready", problem: answer };
        const results = cursor === null ? answer.results : [...before.results, ...answer.results];
        return { phase: "ready", results, problem: null, cursor: answer.next_cursor };
      });
    },
    [transport, words],
  );

  // Before anything is painted or pressed: what was ready is so for the former words.
  useLayoutEffect(() => {
    asked.current = null;
    if (words === "") {
      setState(IDLE);
      return undefined;
    }
    setState((before) => ({ ...before, phase: "searching", problem: null }));
    const cancel = environment.after(PAUSE_MS, () => void ask(null));
    return () => {
      cancel();
      asked.current = null;
    };
  }, [environment, words, ask]);

  const results = useCurrentResults(state.results);
  const { cursor, ...rest } = state;
  // While other words are being searched, what is shown is the former ones', and so is its cursor.
  const hasMore = cursor !== null && state.phase !== "searching";
  // What stands before words that failed is the former ones' cursor.
  const retry = () => void ask(state.phase === "failed" ? null : cursor);
  return { ...rest, results, more: hasMore ? () => void ask(cursor) : null, retry };
}
