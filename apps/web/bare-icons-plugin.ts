/** Leaves out of an icon's drawing what the page's icons never read: names for a comparison of lists that never change, and a size. */
import type { Plugin } from "vite";

const ICON = /\/lucide-react\/dist\/esm\/icons\/[\w-]+\.mjs$/;

/** A two-hundredth of the first load: the names are random, and nothing packs them. */
export function bareIconsPlugin(): Plugin {
  return {
    name: "bare-icons",
    transform(code, id) {
      return ICON.test(id.split("?")[0] ?? "") ? { code: bareIcon(code), map: null } : null;
    },
  };
}

/** The drawing's source without them. @throws {Error} where it has become another one, so that nobody goes on believing it. */
export function bareIcon(source: string): string {
  const isOtherName = /^export \{ default \} from /m.test(source);
  if (isOtherName) return source;
  const bare = source
    .replaceAll(/,\s*key: "\w+"/g, "")
    .replace(/\n\s*size: 24,/, "")
    .replace(/__iconData\.node;\n/, "");
  if (!/__iconData = \{\s*name: "[\w-]+",\s*node: \[/.test(bare) || /\bkey:|__iconData\.node/.test(bare)) {
    throw new Error("lucide-react draws its icons otherwise than this was written for");
  }
  return bare;
}
