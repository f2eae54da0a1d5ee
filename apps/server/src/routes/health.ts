/** What watches the program asks: `/healthz`, `/readyz` and `/metrics` (SPEC section 8). */
import type { App, AppContext } from "../app-context.ts";
import { refuseMetrics } from "../http/metrics-guard.ts";
import { sendProblem, STOPPING } from "../problems.ts";

/** What proxies add to what they pass on. */
const FORWARDED = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

/** Registers the calls of probes and collectors; none of them needs a session. */
export function registerHealthRoutes(app: App, { engine, people, metrics, lifecycle, settings }: AppContext): void {
  const options = { schema: { hide: true }, config: { isPublic: true } };
  app.get("/healthz", options, async (_request, reply) => reply.send({ status: "ok" }));

  app.get("/readyz", options, async (_request, reply) => {
    if (lifecycle.isStopping) return sendProblem(reply, STOPPING);
    const hasTrouble = people?.store.hasTrouble() ?? false;
    if (!hasTrouble && (await engine.isReady())) return reply.send({ status: "ready" });
    return sendProblem(reply, { refused: "unavailable", detail: "The database does not answer." });
  });

  const rules = {
    token: settings.metricsToken,
    isBehindProxy: settings.publicUrl !== null || settings.trustedProxies.length > 0,
  };
  app.get("/metrics", options, async ({ raw, headers }, reply) => {
    const refusal = refuseMetrics(rules, {
      remoteAddress: raw.socket.remoteAddress,
      host: headers.host,
      authorization: headers.authorization,
      isForwarded: FORWARDED.some((name) => headers[name] !== undefined),
    });
    if (refusal !== null) return sendProblem(reply, refusal);
    return reply.header("content-type", metrics.contentType).send(await metrics.text());
  });
}
