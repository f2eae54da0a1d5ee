/** Builds the page's worker beside the page, and tells it which files to keep: what the page begins with, and its own later parts. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin, Rolldown } from "vite";
import type { KeptFiles } from "./src/app-worker/kept-files.ts";

const WORKER = fileURLToPath(new URL("src/app-worker/service-worker.ts", import.meta.url));
const OWN_SOURCES = fileURLToPath(new URL("src/", import.meta.url));
const WORKER_FILE = "service-worker.js";
const PLACE = "BUILT_FILES";
/** Of `public`: what the page asks for in every visit, and what it is installed with. */
const PUBLIC_FILES = ["theme.js", "favicon.svg", "favicon-unread.svg", "manifest.webmanifest", "icon-192.png"];
/** The letters of most texts; the others are kept when they were first needed. */
const FIRST_FONT = /inter-latin-wght-normal[^/]*\.woff2$/;

/** Emits the worker as one classic script: it shares no module with the page. */
export function keptFilesPlugin(): Plugin {
  let publicDir = "";
  return {
    name: "instep-kept-files",
    apply: "build",
    enforce: "post",
    configResolved(config) {
      publicDir = config.publicDir;
    },
    buildStart() {
      this.emitFile({ type: "chunk", id: WORKER, fileName: WORKER_FILE });
    },
    generateBundle(_options, bundle) {
      const worker = bundle[WORKER_FILE];
      const entry = Object.values(bundle).find((file) => isPageEntry(file));
      if (worker?.type !== "chunk" || !entry) this.error("the worker or the page's script is missing from the build");
      if (worker.imports.length > 0) this.error("the worker shares a module with the page, and can't be one script");
      const page = bundle["index.html"];
      if (page?.type !== "asset") this.error("the page is missing from the build");
      const own = Object.values(bundle).filter((file) => isKept(file));
      const texts = PUBLIC_FILES.map((name) => readFileSync(`${publicDir}/${name}`));
      const paths = ["/", ...PUBLIC_FILES.map((name) => `/${name}`), ...own.map(({ fileName }) => `/${fileName}`)];
      const hash = createHash("sha256").update(paths.join("\n")).update(page.source).update(worker.code);
      for (const text of texts) hash.update(text);
      const files: KeptFiles = { version: hash.digest("hex").slice(0, 16), entry: `/${entry.fileName}`, paths };
      if (!worker.code.includes(PLACE)) this.error("the worker has no place for the files that it keeps");
      worker.code = worker.code.replaceAll(PLACE, () => JSON.stringify(files));
    },
  };
}

type BuiltFile = Rolldown.OutputChunk | Rolldown.OutputAsset;

function isPageEntry(file: BuiltFile): boolean {
  return file.type === "chunk" && file.isEntry && file.fileName !== WORKER_FILE;
}

/** The page's own parts are small; a library's languages and fonts are kept when they were first needed. */
function isKept(file: BuiltFile): boolean {
  if (file.type === "asset") return file.fileName.endsWith(".css") || FIRST_FONT.test(file.fileName);
  if (file.fileName === WORKER_FILE) return false;
  const isOwn = file.facadeModuleId === null || file.facadeModuleId.startsWith(OWN_SOURCES);
  return file.isEntry || isOwn;
}
