/**
 * What stands before the program and its commands, in plain JavaScript so that an old Node can say what is wrong instead of stumbling
 * over types; and what they have compiled is kept where nobody else can put code into it.
 */
import { mkdirSync, statSync } from "node:fs";
import * as nodeModule from "node:module";
import process from "node:process";
import { fileURLToPath } from "node:url";

const NEEDED = 24;

if (Number.parseInt(process.versions.node, 10) < NEEDED) {
  process.stderr.write(
    `Instep needs Node ${NEEDED} or newer, and this is ${process.versions.node}; run npm ci, which brings it.\n`,
  );
  process.exit(1);
}
// From the second time on, nothing is stripped of its types or compiled anew: half the time to the first answer, less memory.
const cache = privateFolder(fileURLToPath(new URL("../node_modules/.cache/instep", import.meta.url)));
const directory = cache === null ? undefined : nodeModule.enableCompileCache(cache).directory;
// The database's threads look here for the same.
if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= cache;

/** The folder, where nobody else can put code into it; null where that can't be had: then nothing is cached. */
function privateFolder(path) {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const { mode, uid } = statSync(path);
    const isOwn = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
    return isOwn ? path : null;
  } catch {
    return null;
  }
}
