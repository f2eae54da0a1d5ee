/** 405 for the methods that an address doesn't have, with `Allow`, where a framework would say 404. */
import type { FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import type { App } from "../app-context.ts";
import { sendProblem } from "../problems.ts";
import { SYNC_PATH } from "./answer-sync.ts";

const METHODS: readonly HTTPMethods[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

/** What an address has. */
interface Address {
  readonly methods: Set<string>;
  /** Whether none of its calls needs an account. */
  isPublic: boolean;
}

/** Watches which routes are registered from now on; the function it returns then refuses their other methods. */
export function refuseOtherMethods(app: App): () => void {
  const addressByUrl = new Map<string, Address>();
  let isWatching = true;
  app.addHook("onRoute", ({ url, method, config }) => {
    if (!isWatching) return;
    const address = addressByUrl.get(url) ?? { methods: new Set(), isPublic: true };
    for (const name of [method].flat()) address.methods.add(name);
    // The sync call's route is public only because its own handler checks who asks.
    address.isPublic &&= config?.isPublic === true && url !== SYNC_PATH;
    addressByUrl.set(url, address);
  });

  return () => {
    isWatching = false;
    for (const [url, address] of addressByUrl) refuse(app, url, address);
  };
}

/** Behind the guards, so that who may ask is judged first [SIGN-3], and before the body, which is none that is known here. */
function refuse(app: App, url: string, { methods, isPublic }: Address): void {
  const allowed = [...methods].join(", ");
  const answer = async (_request: FastifyRequest, reply: FastifyReply) =>
    sendProblem(reply.header("allow", allowed), { refused: "method_not_allowed", detail: `Use ${allowed}.` });
  app.route({
    url,
    method: METHODS.filter((method) => !methods.has(method)),
    schema: { hide: true },
    config: { isPublic },
    onRequest: answer,
    handler: answer,
  });
}
