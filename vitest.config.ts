import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const conditions = ["@instep/source"];

export default defineConfig({
  test: {
    // In CI the figures are written down as well: `.ci/run` sums them up.
    reporters: process.env["CI"] ? ["default", "json"] : ["default"],
    outputFile: { json: "test-results/unit.json" },
    projects: [
      {
        resolve: { conditions: [...conditions, "import", "module", "default"] },
        ssr: { resolve: { conditions: [...conditions, "node", "import", "module", "default"] } },
        test: {
          name: "node",
          include: [
            "packages/*/{src,test}/**/*.test.ts",
            "apps/server/{src,test}/**/*.test.ts",
            "simulation/**/*.test.ts",
            "scripts/**/*.test.ts",
          ],
          // Processes, not threads: V8 now and then ends a process in which several isolates share the WebAssembly of `fetch`
          // (it frees an import's wrapper that a neighbour still has; seen in Node 24.21, once in some ten runs of these tests). The
          // database's threads share one too, that strips types: no wrapper is ever replaced.
          pool: "forks",
          execArgv: ["--wasm-wrapper-tiering-budget=2000000000"],
          isolate: false,
          // As with `npm start`: what a thread or a program of a test has compiled is kept for the next, half of a start's work.
          env: { NODE_COMPILE_CACHE: resolve(import.meta.dirname, "node_modules/.cache/instep-tests") },
          // A busy machine pauses for seconds: what a wait is for may come late, and no test that passes is any slower for it.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 15_000 } },
        },
      },
      "apps/web",
    ],
  },
});
