/** Leaves out of the page what loads a later part's styles and modules ahead of it: styles are one file here, and parts find their own parts. */
import type { Plugin } from "vite";

const HELPER = /vite\/preload-helper\.js$/;

/** Half a hundredth of the first load. */
export function unpreloadedPartsPlugin(): Plugin {
  return {
    name: "unpreloaded-parts",
    apply: "build",
    enforce: "pre",
    load: { filter: { id: HELPER }, handler: () => "export const __vitePreload = (load) => load();" },
    generateBundle(_options, bundle) {
      const ahead = Object.values(bundle).find((part) => part.type === "chunk" && part.code.includes("relList"));
      if (ahead) this.error(`${ahead.fileName} loads parts ahead of others`);
    },
  };
}
