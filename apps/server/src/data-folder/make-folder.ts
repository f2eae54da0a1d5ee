/** Makes a folder with those above it: `mkdir` with `recursive` never returns where one can be listed but not made, as in `/proc`. */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** Does nothing where the folder is there already. Throws what the system says. */
export function makeFolder(path: string): void {
  const parent = dirname(path);
  if (parent !== path && !existsSync(parent)) makeFolder(parent);
  if (existsSync(path) && statSync(path).isDirectory()) return;
  mkdirSync(path);
}
