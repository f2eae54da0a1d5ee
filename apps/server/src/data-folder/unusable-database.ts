/** What a person is told whose database can't be opened: what stands in the way, and what helps. */
import { WrongSetting } from "../settings/wrong-setting.ts";

/** Of SQLite's failures those whose file may be as good as ever: a backup in its place would lose what it has. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/^SQLITE_(?:FULL|IOERR_(?:WRITE|FSYNC|SHM))/, "make room on its disk, and start again"],
  [/^SQLITE_(?:BUSY|LOCKED)/, "another program holds it: end that one, and start again"],
  [/^SQLITE_(?:READONLY|CANTOPEN|PERM)/, "let this user read and write it and its folder, and start again"],
];
const REPLACE = "restore a backup, or put the file back";

/** The one line for it; `error` is what SQLite said. */
export function unusableDatabase(path: string, { code, message }: Error & { readonly code: string }): WrongSetting {
  const [, remedy = REPLACE] = REMEDIES.find(([kind]) => kind.test(code)) ?? [];
  return new WrongSetting("DATA_DIR", `"${path}" can't be used (${message}); ${remedy}`);
}
