/** The buckets of attempts, kept in a file where that works and in memory where it doesn't: a limiter's state keeps nobody out. */
import { codeOf } from "../code-of.ts";
import type { ReportLog } from "../report-log.ts";
import { clearPlace, fileAt, openReplaceable } from "../data-folder/clear-place.ts";
import { createTokenBuckets, type TokenBuckets } from "../limits/token-buckets.ts";
import { openStoredBuckets, type StoredBuckets, type StoredBucketsOptions } from "./storage/stored-buckets.ts";

export interface AttemptBucketsOptions extends StoredBucketsOptions {
  readonly log: ReportLog;
}

/** What a new file mends. */
const DAMAGED = /^SQLITE_(?:CORRUPT|NOTADB|READONLY)/;

/** Opens them; a file that can't be used is put aside, and said so, at the start and later [SIGN-4] [SAFE-3]. */
export function openAttemptBuckets({ log, ...options }: AttemptBucketsOptions): StoredBuckets {
  const memory = createTokenBuckets(options.now);
  let stored = open();
  let file = fileAt(options.path);
  let isTroubleTold = false;

  /** Null where the folder takes no file. */
  function open(): StoredBuckets | null {
    try {
      return openReplaceable(options.path, (path) => openStoredBuckets({ ...options, path }), tellReplaced);
    } catch (error) {
      log.warn({ err: error }, "the attempts to sign in can't be kept; they are counted in memory");
      return null;
    }
  }

  function openAnew(error: unknown): StoredBuckets | null {
    try {
      // Another process that uses it may have made it anew.
      if (fileAt(options.path) === file) tellReplaced(error, clearPlace(options.path, Date.now()));
      const opened = open();
      file = fileAt(options.path);
      return opened;
    } catch {
      log.warn({ err: error }, "the attempts to sign in can't be kept; they are counted in memory");
      return null;
    }
  }

  function tellReplaced(error: unknown, aside: string): void {
    log.warn({ err: error, aside }, "the attempts to sign in could not be read; they are counted anew");
  }

  function ask<T>(question: (buckets: TokenBuckets) => T): T {
    if (stored === null) return question(memory);
    try {
      const answer = question(stored);
      isTroubleTold = false;
      return answer;
    } catch (error) {
      giveUp(stored, error);
      return question(memory);
    }
  }

  function giveUp(failed: StoredBuckets, error: unknown): void {
    if (DAMAGED.test(codeOf(error) ?? "")) {
      failed.close();
      stored = openAnew(error);
    } else if (!isTroubleTold) {
      isTroubleTold = true;
      log.warn({ err: error }, "an attempt to sign in could not be written down; it is counted in memory");
    }
  }

  return {
    take: (asked) => ask((buckets) => buckets.take(asked)),
    giveBack: (asked) => ask((buckets) => buckets.giveBack(asked)),
    close: () => stored?.close(),
  };
}
