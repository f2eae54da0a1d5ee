/** Takes what was shared into a new chat's message box; it waits while nobody is signed in, also while that is done elsewhere. */
import { type Drafts, NEW_CHAT } from "../composer/drafts.ts";
import type { KeyValue, PageEnvironment } from "../environment.ts";
import { SHARED_KEY } from "./shared-key.ts";
import { sharedText } from "./shared-text.ts";

/** Longer than a provider's sign-in may take; what nobody fetched by then is nobody's. */
const KEPT_MS = 900_000;

/** Remembers what the address says was shared, for when it comes back from a sign-in elsewhere without it. */
export function keepShared(search: string, { keyValue, now }: Pick<PageEnvironment, "keyValue" | "now">): void {
  const text = sharedText(search);
  if (text !== "") keyValue.set(SHARED_KEY, JSON.stringify({ text, at: now() }));
}

/** Puts it under what is written there already, once; returns whether there was anything. */
export function takeShared(
  search: string,
  { keyValue, now }: Pick<PageEnvironment, "keyValue" | "now">,
  drafts: Drafts,
): boolean {
  const text = sharedText(search) || keptText(keyValue, now());
  keyValue.remove(SHARED_KEY);
  if (text !== "") drafts.add(NEW_CHAT, text);
  return text !== "";
}

function keptText(keyValue: KeyValue, now: number): string {
  try {
    const kept: unknown = JSON.parse(keyValue.get(SHARED_KEY) ?? "null");
    if (typeof kept !== "object" || kept === null || !("text" in kept) || !("at" in kept)) return "";
    // The clock may have stepped back.
    const isFresh = typeof kept.at === "number" && Math.abs(now - kept.at) < KEPT_MS;
    return isFresh && typeof kept.text === "string" ? kept.text : "";
  } catch {
    return "";
  }
}
