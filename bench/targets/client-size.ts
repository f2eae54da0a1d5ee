/** P7: what the client library costs a page, minified and gzipped: the core by itself, and everything a browser's device uses. */
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import type { Row } from "../row.ts";

const ENTRY = fileURLToPath(new URL("../../packages/sync-client/src/index.ts", import.meta.url));

/** What each size is of, and its target in bytes. */
const PARTS = [
  {
    name: "core",
    exports: ["SyncManager", "ConversationStore", "realEnvironment", "fetchTransport"],
    goal: "≤ 6,000 bytes",
  },
  {
    name: "all",
    exports: ["createBrowserDevice", "fetchBoot", "cachedBoot", "isFailure", "badgeText"],
    goal: "≤ 12,000 bytes",
  },
] as const;

export async function measureClientSize(): Promise<readonly Row[]> {
  return Promise.all(
    PARTS.map(async ({ name, exports, goal }) => {
      const code = await bundle(exports);
      const bytes = gzipSync(code, { level: 9 }).byteLength;
      const ours = `${bytes} bytes (${code.length} before gzip)`;
      return { target: "P7", what: `client library, ${name}, min+gz`, ours, beside: OTHERS, goal };
    }),
  );
}

const OTHERS = "published: Electric 18 kB, Replicache 36 kB";

async function bundle(exports: readonly string[]): Promise<string> {
  const source = `export { ${exports.join(", ")} } from ${JSON.stringify(ENTRY)};`;
  const bundled = await rolldown({
    input: "virtual:entry",
    resolve: { conditionNames: ["@instep/source", "import", "browser", "default"] },
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === "virtual:entry" ? id : null),
        load: (id) => (id === "virtual:entry" ? source : null),
      },
    ],
  });
  const { output } = await bundled.generate({ format: "es", minify: true });
  return output.map((chunk) => (chunk.type === "chunk" ? chunk.code : "")).join("");
}
