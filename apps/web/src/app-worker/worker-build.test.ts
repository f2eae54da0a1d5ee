/** What a worker of any build may say of itself, and what is no word of one. */
import { expect, test } from "vitest";
import { isWorkerBuild } from "./worker-build.ts";

test.each([
  [{ version: "1.2.0", entry: "/assets/index.js" }, true],
  [{ version: "1.2.0", entry: "/assets/index.js", more: 1 }, true],
  [{ version: "1.2.0" }, false],
  [{ entry: "/assets/index.js" }, false],
  [{ version: 1, entry: "/assets/index.js" }, false],
  [{ version: "1.2.0", entry: null }, false],
  [null, false],
  ["1.2.0", false],
  [undefined, false],
])("%j: %s", (said, isOne) => {
  expect(isWorkerBuild(said)).toBe(isOne);
});
