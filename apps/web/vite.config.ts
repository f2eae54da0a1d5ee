/** Builds and tests the page: Preact behind React's names, workspace packages read from their sources. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { bareIconsPlugin } from "./bare-icons-plugin.ts";
import { keptFilesPlugin } from "./kept-files-plugin.ts";
import { unpreloadedPartsPlugin } from "./unpreloaded-parts-plugin.ts";
import { unusedRulesPlugin } from "./unused-rules-plugin.ts";

const API = process.env["INSTEP_API"] ?? "http://127.0.0.1:3000";

export default defineConfig({
  plugins: [unpreloadedPartsPlugin(), unusedRulesPlugin(), bareIconsPlugin(), keptFilesPlugin()],
  resolve: {
    alias: {
      "react/jsx-runtime": "preact/jsx-runtime",
      "react-dom": "preact/compat",
      react: "preact/compat",
      // Drawings are the library's; an icon is one element here.
      "../createLucideIcon.mjs": fileURLToPath(new URL("src/design/lucide-icon.tsx", import.meta.url)),
      // Parts of the markdown parser that the page has a smaller one of, or doesn't use: without that, a sixth of the first load.
      entities: fileURLToPath(new URL("src/markdown/entities.ts", import.meta.url)),
      mdurl: fileURLToPath(new URL("src/markdown/unused-addresses.ts", import.meta.url)),
      "punycode.js": fileURLToPath(new URL("src/markdown/unused-addresses.ts", import.meta.url)),
      "uc.micro": fileURLToPath(new URL("src/markdown/unicode-classes.ts", import.meta.url)),
      "linkify-it": fileURLToPath(new URL("src/markdown/unused-linkify.ts", import.meta.url)),
    },
    conditions: ["@instep/source", "browser", "module", "import", "default"],
  },
  server: { proxy: { "/api": API } },
  worker: { format: "es" },
  build: {
    target: ["chrome123", "firefox124", "safari17.5"],
    modulePreload: {
      polyfill: false,
      // The page names what it begins with. The names of what is loaded later would be a part of that, and they find their own parts.
      resolveDependencies: (_file, names, { hostType }) =>
        hostType === "html" ? names : names.filter((name) => name.endsWith(".css")),
    },
    sourcemap: false,
    rolldownOptions: {
      // What each part stands on is one file: cut up by module it takes a tenth more.
      output: {
        codeSplitting: {
          groups: [
            {
              name: "base",
              test: /node_modules\/preact\/|src\/words\/words\.ts|src\/design\/lucide-icon\.tsx|src\/routing\/use-|src\/environment\.ts/,
            },
          ],
        },
      },
      onLog: (level, log, report) => {
        // "use client" means nothing in a page that has no server components.
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log);
      },
    },
    assetsInlineLimit: 0,
    // All parts together are small, and a part that loads later takes no other one's looks along with it.
    cssCodeSplit: false,
  },
  test: {
    name: "web",
    include: ["src/**/*.test.{ts,tsx}", "test/**/*.test.{ts,tsx}"],
    environment: "happy-dom",
    // Why not threads, and why so patient: vitest.config.ts of the repository.
    pool: "forks",
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    setupFiles: ["./test/setup.ts"],
    server: { deps: { inline: ["markdown-it", "virtua", "lucide-react", "@testing-library/preact"] } },
  },
});
