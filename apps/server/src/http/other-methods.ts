/** 405 for the methods that an address doesn't have, with `Allow`, where a framework would say 404. */
import type { HTTPMethods } from "fastify";
import type { App } from "../app-context.ts";
import { sendProblem } from "../problems.ts";

const METHODS: readonly HTTPMethods[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Watches which routes are registered from now on; the function it returns then refuses their other methods. */
export function refuseOtherMethods(app: App): () => void {
  const methodsByUrl = new Map<string, Set<string>>();
  let isWatching = true;
  app.addHook("onRoute", ({ url, method }) => {
    if (!isWatching) return;
    const methods = methodsByUrl.get(url) ?? new Set();
    for (const name of [method].flat()) methods.add(name);
    methodsByUrl.set(url, methods);
  });

  return () => {
    isWatching = false;
    for (const [url, methods] of methodsByUrl) refuse(app, url, methods);
  };
}

function refuse(app: App, url: string, methods: ReadonlySet<string>): void {
  const allowed = [...methods].join(", ");
  app.route({
    url,
    method: METHODS.filter((method) => !methods.has(method)),
    schema: { hide: true },
    config: { isPublic: true },
    handler: (_request, reply) => {
      return sendProblem(reply.header("allow", allowed), { refused: "method_not_allowed", detail: `Use ${allowed}.` });
    },
  });
}
