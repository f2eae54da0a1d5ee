/** What a person is told whose database can't be opened: what stands in the way, and what helps. */
import { codeOf } from "../code-of.ts";
import { WrongSetting } from "../settings/wrong-setting.ts";

/** Of SQLite's failures those whose file may be as good as ever: a backup in its place would lose what it has. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/^SQLITE_(?:FULL|IOERR_(?:WRITE|FSYNC|SHM))/, "make room on its disk, and start again"],
  [/^SQLITE_(?:BUSY|LOCKED)/, "another program holds it: end that one, and start again"],
  [/^SQLITE_(?:READONLY|CANTOPEN|PERM)/, "let this user read and write it and its folder, and start again"],
];
const REPLACE = "restore a backup, or put the file back";
/** As SQLite would say it, which takes an empty file for a new database. */
const EMPTIED = Object.assign(new Error("it has been emptied"), { code: "SQLITE_NOTADB" });

/** The one line for it; `error` is what SQLite said. */
export function unusableDatabase(path: string, { code, message }: Error & { readonly code: string }): WrongSetting {
  const [, remedy = REPLACE] = REMEDIES.find(([kind]) => kind.test(code)) ?? [];
  return new WrongSetting("DATA_DIR", `"${path}" can't be used (${message}); ${remedy}`);
}

/** The one line for a database of which nothing is left in its file. */
export function emptiedDatabase(path: string): WrongSetting {
  return unusableDatabase(path, EMPTIED);
}

/** Does it; what SQLite throws meanwhile says which file it is about, which it doesn't by itself. */
export function namingFile<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof Error && codeOf(error)?.startsWith("SQLITE_") === true) Object.assign(error, { file });
    throw error;
  }
}

/** The file that was named; null where none was. */
export function fileNamedBy(error: Error): string | null {
  return "file" in error && typeof error.file === "string" ? error.file : null;
}
