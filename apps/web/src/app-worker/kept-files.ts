/** What of the page is kept on the device for opening it offline, as the build says. */

export interface KeptFiles {
  /** Another one for each build that differs in any of its files. */
  readonly version: string;
  /** The script that the page of this build begins with. */
  readonly entry: string;
  /** The page and all that it needs to begin, by path; the page itself is `/`. */
  readonly paths: readonly string[];
}

/** Which way a request is answered: the page itself, a file of it, or not by the worker at all. */
export type Way = "page" | "file" | null;

export interface Asked {
  readonly method: string;
  readonly mode: string;
  readonly url: string;
  /** A part of a file is nobody's to keep. */
  readonly isRange: boolean;
}

/** Only the page and its own files; the API, and whatever else the server has, goes past the worker. */
export function wayOf({ method, mode, url, isRange }: Asked, origin: string, files: KeptFiles): Way {
  const { origin: asked, pathname } = new URL(url);
  if (method !== "GET" || asked !== origin || isRange) return null;
  if (mode === "navigate") return pathname === "/" || pathname.startsWith("/c/") ? "page" : null;
  return isHashed(pathname) || (pathname !== "/" && files.paths.includes(pathname)) ? "file" : null;
}

/** Whether a file has another name for each content, so that it is right for as long as it is kept. */
export function isHashed(pathname: string): boolean {
  return pathname.startsWith("/assets/");
}
