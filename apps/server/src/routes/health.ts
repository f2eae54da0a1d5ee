/** What watches the program asks: `/healthz`, `/readyz` and `/metrics` (SPEC section 8). */
import type { App, AppContext } from "../app-context.ts";
import { sendProblem } from "../problems.ts";

/** Registers the calls of probes and collectors; none of them needs a session. */
export function registerHealthRoutes(app: App, { engine, metrics, lifecycle }: AppContext): void {
  const options = { schema: { hide: true }, config: { isPublic: true } };
  app.get("/healthz", options, async (_request, reply) => reply.send({ status: "ok" }));

  app.get("/readyz", options, async (_request, reply) => {
    if (lifecycle.isStopping) return sendProblem(reply, { refused: "unavailable", detail: "The server is stopping." });
    if (await engine.isReady()) return reply.send({ status: "ready" });
    return sendProblem(reply, { refused: "unavailable", detail: "The database does not answer." });
  });

  app.get("/metrics", options, async (_request, reply) => {
    return reply.header("content-type", metrics.contentType).send(await metrics.text());
  });
}
