/** The door of the command line: `npm run instep -- COMMAND`. */
import process from "node:process";
import "./door.js";

const { runCommandLine } = await import("../apps/server/src/cli/cli.ts");
process.exitCode = await runCommandLine(process.argv.slice(2));
