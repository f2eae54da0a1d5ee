/** Where an endpoint's calls go: the address of the settings with a path behind it, its query kept [MODEL-3]. */
import { MAX_MODEL_LENGTH } from "@instep/protocol";

/** Each run of slashes is looked at once, and not from each of its slashes [SAFE-2]. */
const SLASHES_AT_END = /(?<!\/)\/+$/;

/** The root of an API in the form that is kept: without the path of a call, without slashes at its end. Its query stays: Azure wants one. */
export function normalBaseUrl(text: string): string {
  const url = new URL(text);
  url.pathname = url.pathname
    .replace(SLASHES_AT_END, "")
    .replace(/\/chat\/completions$/, "")
    .replace(SLASHES_AT_END, "");
  return url.pathname === "/" ? `${url.origin}${url.search}` : url.href;
}

/** The address of a call. */
export function callAddress(baseUrl: string, path: string): string {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(SLASHES_AT_END, "")}${path}`;
  return url.href;
}

/** How an address is told to people: without its query, which may hold a secret. */
export function shownAddress(baseUrl: string): string {
  const url = new URL(baseUrl);
  return `${url.origin}${url.pathname.replace(SLASHES_AT_END, "")}`;
}

/** The root that the address of a call has, as it is told to people; null where it is no address of that call. */
export function rootOf(address: string, path: string): string | null {
  const shown = shownAddress(address);
  return shown.endsWith(path) ? shown.slice(0, -path.length) : null;
}

/** The header that carries the key: Azure has one of its own, and reads a bearer token as something else. */
export function keyHeader(baseUrl: string, apiKey: string): Readonly<Record<string, string>> {
  const { hostname, pathname } = new URL(baseUrl);
  const isAzure = hostname.endsWith(".azure.com") || pathname.includes("/openai/deployments/");
  return isAzure ? { "api-key": apiKey } : { authorization: `Bearer ${apiKey}` };
}

/** The model that an address is of, as a classic Azure one says; null where it is of a whole API, empty where no model can be called so. */
export function deploymentOf(baseUrl: string): string | null {
  const [, name] = /\/openai\/deployments\/([^/]+)/.exec(new URL(baseUrl).pathname) ?? [];
  return name === undefined ? null : modelNamed(name);
}

function modelNamed(written: string): string {
  try {
    const name = decodeURIComponent(written);
    return name.trim() === "" || name.length > MAX_MODEL_LENGTH || name.includes("\0") ? "" : name;
  } catch {
    return "";
  }
}
