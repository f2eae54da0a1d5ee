/** Addresses of the page: `/` a new chat, `/c/<id>` a conversation; anything else is not here. */

export type Route =
  | { readonly kind: "new" }
  | { readonly kind: "conversation"; readonly id: string }
  | { readonly kind: "unknown" };

const CONVERSATION_PATH = /^\/c\/([^/]+)\/?$/;

/** What a path shows. */
export function parseRoute(pathname: string): Route {
  if (pathname === "/" || pathname === "/index.html") return { kind: "new" };
  const id = CONVERSATION_PATH.exec(pathname)?.[1];
  return id === undefined ? { kind: "unknown" } : { kind: "conversation", id: safeDecode(id) };
}

/** The address of a conversation. */
export function conversationPath(id: string): string {
  return `/c/${encodeURIComponent(id)}`;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
