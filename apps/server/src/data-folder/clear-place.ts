/** Makes room where something stands that can't be used, and that nobody needs: it gets another name, and nothing is thrown away. */
import { existsSync, renameSync, statSync } from "node:fs";
import { codeOf } from "../code-of.ts";
import { SQLITE_SIDE_FILES } from "./places.ts";

/** Told why a file was replaced, and what it is called since. */
export type OnReplaced = (error: unknown, aside: string) => void;

/** No seal: only the database of the conversations has one, and that is never replaced. */
const PARTS = ["", ...SQLITE_SIDE_FILES];
/** Locked by somebody else, or while the disk, the memory or the process has no room for it, it is as good as ever. */
const PASSING = /^(?:SQLITE_(?:BUSY|LOCKED|FULL|IOERR|NOMEM)|E(?:NOSPC|DQUOT|FBIG|MFILE|NFILE|IO)$)/;

/** Gives what stands at the path, with what SQLite keeps beside it, another name; returns it. Throws where the folder can't be changed. */
export function clearPlace(path: string, now: number): string {
  const aside = `${path}.unusable-${new Date(now).toISOString().replaceAll(/[:.]/g, "-")}`;
  for (const part of PARTS) if (existsSync(`${path}${part}`)) renameSync(`${path}${part}`, `${aside}${part}`);
  return aside;
}

/** Which file stands there, whatever it is called; null where there is none. What another process has put there is another one. */
export function fileAt(path: string): string | null {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? null : `${stat.dev} ${stat.ino} ${stat.birthtimeNs}`;
}

/** Opens what can be made anew, and does so where it can't be used as it is. Throws where that helps neither. */
export function openReplaceable<T>(path: string, open: (path: string) => T, onReplaced: OnReplaced): T {
  const found = fileAt(path);
  try {
    return open(path);
  } catch (error) {
    if (PASSING.test(codeOf(error) ?? "") || !existsSync(path)) throw error;
    // Another process found it unusable too, and has made it anew.
    if (fileAt(path) !== found) return open(path);
    const aside = clearPlace(path, Date.now());
    const opened = open(path);
    onReplaced(error, aside);
    return opened;
  }
}
