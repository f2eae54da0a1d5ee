/** Whether the files of a store still stand where its start would look for them: what is acknowledged must be there [SAFE-3]. */
import { FileWatch } from "@instep/sync-server/sqlite";
import type { Database } from "better-sqlite3";
import { namingFile } from "../../data-folder/unusable-database.ts";

export interface StoredFilesListener {
  /** Told once when it begins. */
  readonly onTrouble: (error: Error) => void;
  /** Told once when it is over. */
  readonly onWell: () => void;
}

export interface StoredFiles {
  /** The same calls, each of which throws `STORAGE_GONE` where the files are damaged or not in their place, before it and after it. */
  guard<T extends object>(calls: T): T;
  hasTrouble(): boolean;
  /** Not before every connection of this process to the database is closed. */
  close(): void;
}

/** How often the log is looked into too. */
const LOOK_EVERY_MS = 1000;

export const SILENT: StoredFilesListener = { onTrouble: () => {}, onWell: () => {} };

/** To be made when the database has just been opened. A call costs some microseconds more by it. */
export function watchStoredFiles(path: string, db: Database, { onTrouble, onWell }: StoredFilesListener): StoredFiles {
  const watch = new FileWatch(path, Number(db.pragma("page_size", { simple: true })));
  const walSize = db.prepare<[], readonly number[]>("PRAGMA wal_checkpoint(NOOP)").raw();
  let isInTrouble = false;
  let lookedAt = performance.now();

  function logPages(): number {
    try {
      return walSize.get()?.[1] ?? 0;
    } catch {
      // What is wrong is told by the look at the files, or by the next call.
      return 0;
    }
  }

  function findFault(): Error | null {
    const now = performance.now();
    if (now - lookedAt < LOOK_EVERY_MS) return watch.fault(0);
    lookedAt = now;
    return watch.damage(logPages());
  }

  function look(): Error | null {
    const fault = findFault();
    if ((fault !== null) === isInTrouble) return fault;
    isInTrouble = fault !== null;
    if (fault === null) onWell();
    else onTrouble(fault);
    return fault;
  }

  function requireFiles(): void {
    const fault = look();
    if (fault !== null) throw fault;
  }

  return {
    hasTrouble: () => look() !== null,
    close: () => watch.close(),
    guard<T extends object>(calls: T): T {
      const guarded = Object.entries(calls).map(([name, call]: [string, (...args: unknown[]) => unknown]) => [
        name,
        (...args: unknown[]) => {
          requireFiles();
          const answer = namingFile(path, () => call(...args));
          requireFiles();
          return answer;
        },
      ]);
      return Object.fromEntries(guarded) as T;
    },
  };
}
