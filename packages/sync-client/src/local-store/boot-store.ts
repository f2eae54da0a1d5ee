/** The last visit's settings and account, read before anything else so that a warm start needs no network. */
import type { Boot } from "../device.ts";

const KEY = "instep-boot-1";

/** Null where there is none, or it can't be read, or it is none that this version can start with. */
export function readBoot(): Boot | null {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "null") as Boot | null;
    const isUsable =
      typeof stored?.config?.sync?.poll_interval_ms === "number" &&
      typeof stored.me?.id === "string" &&
      typeof stored.me.preferences?.unread_scope === "string" &&
      Array.isArray(stored.config.models);
    return isUsable ? stored : null;
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
