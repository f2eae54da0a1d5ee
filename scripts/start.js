/** The door of `npm start`, in plain JavaScript so that an old Node can say what is wrong instead of stumbling over types. */
import * as nodeModule from "node:module";
import process from "node:process";

const NEEDED = 24;

if (Number.parseInt(process.versions.node, 10) < NEEDED) {
  process.stderr.write(
    `Instep needs Node ${NEEDED} or newer, and this is ${process.versions.node}; run npm ci, which brings it.\n`,
  );
  process.exit(1);
}
// From the second start on, nothing is stripped of its types or compiled anew: half the time to the first answer, less memory.
const { directory } = nodeModule.enableCompileCache();
// The database's threads look here for the same.
if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory;
await import("./start.ts");
