/** Where a file of the data folder stands that may be a link to another disk. */
import { existsSync, lstatSync, readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { WrongSetting } from "../settings/wrong-setting.ts";

/**
 * The file itself: SQLite keeps what belongs to it beside that, where everybody has to look for it. Throws `WrongSetting` where it is a
 * link that leads nowhere.
 */
export function behindLink(path: string): string {
  if (!isLink(path)) return path;
  if (existsSync(path)) return realpathSync(path);
  // It may be made by the first start.
  const target = resolve(dirname(path), readlinkSync(path));
  if (!isLink(target) && existsSync(dirname(target))) return join(realpathSync(dirname(target)), basename(target));
  throw new WrongSetting(
    "DATA_DIR",
    `"${path}" leads to "${target}", which is not there; put it back, or remove the link`,
  );
}

/** What can't be looked at is no link: whoever opens it hears why. */
function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}
