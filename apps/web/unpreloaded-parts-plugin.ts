/** Leaves out of the page what loads a later part's styles and modules ahead of it: styles are one file here, and parts find their own parts. */
import type { Plugin } from "vite";

const HELPER = /vite\/preload-helper\.js$/;

/** What is made of a part's loading, with nothing to load ahead of it: by the names that are taken of it, or as a whole. */
const WRAPPED =
  /[\w$]+\((?:async\(\)=>\{let(\{[^{}]*\})=await (import\(`[^`]+`\));return\1\}|\(\)=>(import\(`[^`]+`\))),\[\]\)/g;

/** A hundredth of the first load. */
export function unpreloadedPartsPlugin(): Plugin {
  return {
    name: "unpreloaded-parts",
    apply: "build",
    enforce: "pre",
    load: { filter: { id: HELPER }, handler: () => "export const __vitePreload = (load) => load();" },
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const chunks = Object.values(bundle).filter((part) => part.type === "chunk");
        const isKnown = chunks.some(({ code }) => code.search(WRAPPED) >= 0);
        if (!isKnown) this.error("loadings of parts are wrapped otherwise by now");
        for (const chunk of chunks) chunk.code = chunk.code.replaceAll(WRAPPED, "$2$3");
        const ahead = chunks.find(({ code }) => code.includes("relList"));
        if (ahead) this.error(`${ahead.fileName} loads parts ahead of others`);
      },
    },
  };
}
