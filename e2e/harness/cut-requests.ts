/** Requests that reach nobody, while the page itself still loads. */
import type { BrowserContext } from "@playwright/test";

/** Cuts off what matches until the returned function heals it. It goes on looking at each: taken back, an interception leaves open what becomes of a request that it holds just then. */
export async function cutRequests(context: BrowserContext, pattern: string): Promise<() => void> {
  let isCut = true;
  await context.route(pattern, (route) => (isCut ? route.abort("internetdisconnected") : route.continue()));
  return () => {
    isCut = false;
  };
}
