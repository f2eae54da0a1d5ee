/** Where files lie while they are imported, and what becomes of those that an earlier program left there. */
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { importsPath } from "../data-folder/places.ts";
import type { Settings } from "../settings/config.ts";

/** Longer than any import takes. */
const LEFT_MS = 86_400_000;

/**
 * Removes what earlier programs left of imports; beside another one (`isAlone` false) only what nobody has written to for a day: that one
 * may still be reading the rest.
 */
export function removeLeftImports(settings: Pick<Settings, "dataDir">, isAlone: boolean, now: number): void {
  const folder = importsPath(settings);
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const path = join(folder, name);
    if (isAlone || now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now) > LEFT_MS) {
      rmSync(path, { recursive: true, force: true });
    }
  }
}
