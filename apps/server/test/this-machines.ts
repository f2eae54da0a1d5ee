/** What a program that a test starts gets of this process's environment, besides the test's own settings. */
import { resolve } from "node:path";

/** Nothing else reaches it. What was compiled for one is kept for the next, as with `npm start`: half of a start's work. */
export const THIS_MACHINES: Readonly<Record<string, string>> = {
  PATH: process.env["PATH"] ?? "",
  NODE_COMPILE_CACHE: resolve(import.meta.dirname, "../../../node_modules/.cache/instep-tests"),
};
