/** The last visit's settings and account, read before anything else so that a warm start needs no network. */
import type { Boot } from "../create-device.ts";

const KEY = "instep-boot-1";

/** Null where there is none, or it can't be read. */
export function readBoot(): Boot | null {
  try {
    const text = localStorage.getItem(KEY);
    return text === null ? null : (JSON.parse(text) as Boot);
  } catch {
    return null;
  }
}

/** Null forgets it. A browser that keeps nothing starts cold. */
export function writeBoot(boot: Boot | null): void {
  try {
    if (boot) localStorage.setItem(KEY, JSON.stringify(boot));
    else localStorage.removeItem(KEY);
  } catch {
    // Full, or forbidden: the next start asks the network.
  }
}
