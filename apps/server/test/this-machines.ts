/** What a program that a test starts gets of this process's environment, besides the test's own settings. */

/** Nothing else reaches it. What was compiled for one is kept for the next: `vitest.config.ts` says where. */
export const THIS_MACHINES: Readonly<Record<string, string>> = {
  PATH: process.env["PATH"] ?? "",
  NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? "",
};
