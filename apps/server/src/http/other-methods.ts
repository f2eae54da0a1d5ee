/** 405 for the methods that an address doesn't have, with `Allow`, where a framework would say 404. */
import type { FastifyContextConfig, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import type { IncomingMessage } from "node:http";
import type { App, AppContext } from "../app-context.ts";
import { sendProblem } from "../problems.ts";
import { SYNC_PATH } from "./answer-sync.ts";

/** What no address has: it stands for all others that Node reads, each of which would have to be registered at every address. */
const STAND_IN = "TRACE";
const METHODS: readonly HTTPMethods[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", STAND_IN];
const KNOWN: ReadonlySet<string | undefined> = new Set(METHODS);

/** What an address has. */
interface Address {
  readonly methods: Set<string>;
  /** Whether none of its calls needs an account. */
  isPublic: boolean;
  readonly isThere: FastifyContextConfig["isThere"];
}

/** Has a method that no address has refused as one that is refused at each: to be called before the framework, which knows too few, and too much of QUERY. */
export function nameMethod(request: IncomingMessage): void {
  if (!KNOWN.has(request.method)) request.method = STAND_IN;
}

/** Watches which routes are registered from now on; the function it returns then refuses their other methods. */
export function refuseOtherMethods(app: App, limits: Pick<AppContext["limits"], "refuseSource">): () => void {
  const addressByUrl = new Map<string, Address>();
  let isWatching = true;
  app.addHook("onRoute", ({ url, method, config }) => {
    if (!isWatching) return;
    const address = addressByUrl.get(url) ?? { methods: new Set(), isPublic: true, isThere: config?.isThere };
    for (const name of [method].flat()) address.methods.add(name);
    // The sync call's route is public only because its own handler checks who asks.
    address.isPublic &&= config?.isPublic === true && url !== SYNC_PATH;
    addressByUrl.set(url, address);
  });

  return () => {
    isWatching = false;
    for (const [url, address] of addressByUrl) refuse(url, address);
  };

  /** Behind the guards, so that who may ask is judged first [SIGN-3], and before the body, which is none that is known here. */
  function refuse(url: string, { methods, isPublic, isThere }: Address): void {
    const allowed = [...methods].join(", ");
    const answer = async (request: FastifyRequest, reply: FastifyReply) => {
      // It counts as any that isn't there, for which this one has stood [LIMIT-1].
      const isNowhere = isThere !== undefined && !(await isThere(request.params));
      if (isNowhere) return sendProblem(reply, limits.refuseSource(request.ip) ?? { refused: "not_found" });
      return sendProblem(reply.header("allow", allowed), { refused: "method_not_allowed", detail: `Use ${allowed}.` });
    };
    app.route({
      url,
      method: METHODS.filter((method) => !methods.has(method)),
      schema: { hide: true },
      config: { isPublic },
      onRequest: answer,
      handler: answer,
    });
  }
}
