/** Addresses of the page: `/` a new chat, `/c/<id>` a conversation; anything else is not here. */

export type Route =
  | { readonly kind: "new" }
  | { readonly kind: "conversation"; readonly id: string }
  | { readonly kind: "unknown" };

const CONVERSATION_PATH = /^\/c\/([^/]+)\/?$/;

/** What a path shows; upper case is read as lower case [ID-1]. */
export function parseRoute(pathname: string): Route {
  if (pathname === "/" || pathname === "/index.html") return { kind: "new" };
  const id = CONVERSATION_PATH.exec(pathname)?.[1];
  return id === undefined ? { kind: "unknown" } : { kind: "conversation", id: safeDecode(id).toLowerCase() };
}

/** The address of a conversation. */
export function conversationPath(id: string): string {
  return `/c/${encodeURIComponent(id)}`;
}

/** The seq that a search led to: kept with the entry of the browser's history, so that the address names only the conversation. */
export function foundSeqOf(state: unknown): number | null {
  const seq = typeof state === "object" && state !== null && "foundSeq" in state ? state.foundSeq : null;
  return typeof seq === "number" ? seq : null;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
