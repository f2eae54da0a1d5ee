/** Signing in with another provider: the way there, and the way back (SPEC section 8). */
import type { ProblemCode } from "@instep/protocol";
import { OidcBeginSchema, OidcBegunSchema } from "@instep/protocol/schemas";
import { isRefusal, type Refusal } from "@instep/sync-server";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { KeptFlow } from "../accounts/flow-cookie.ts";
import type { OidcIdentity } from "../accounts/oidc-client.ts";
import type { People } from "../accounts/open-sign-in.ts";
import type { App, AppContext } from "../app-context.ts";
import { attemptOf } from "../accounts/attempt-limiter.ts";
import { codeOf } from "../code-of.ts";
import { sendProblem, translateError } from "../problems.ts";
import { searchOf } from "../http/query-reader.ts";
import { schemeOf } from "../settings/transport-settings.ts";
import { answers } from "./route-answers.ts";

/** Outside of `/api`, since the provider's page leads there, and no other site may ask anything of that. */
const RETURN_PATH = "/auth/callback";

const NOT_SET_UP: Refusal = { refused: "not_found", detail: "No provider to sign in with is set up here." };

/** Registers the way to the provider and back. */
export function registerOidcRoutes(app: App, { settings, log }: AppContext, people: People): void {
  const { oidc } = people;

  const beginSchema = {
    summary: "Begin to sign in with the provider: where to send the browser",
    body: OidcBeginSchema,
    response: answers(200, OidcBegunSchema, "The provider's address for this browser"),
  };
  const isPublic = { isPublic: true };
  app.post("/api/auth/sign-in/oidc", { schema: beginSchema, config: isPublic }, async (request, reply) => {
    const origin = originOf(request);
    if (oidc === null || origin === null) return sendProblem(reply, NOT_SET_UP);
    try {
      const { url, flow } = await oidc.client.begin(origin + RETURN_PATH);
      const kept = { ...flow, returnTo: request.body.return_to ?? "/" };
      return reply.header("set-cookie", oidc.flowCookie.write(kept)).send({ url });
    } catch (error) {
      log.warn({ why: whyOf(error) }, "the sign-in provider can't be asked");
      return sendProblem(reply, { refused: "provider_unreachable" });
    }
  });
  if (oidc === null) return;

  app.get(RETURN_PATH, { schema: { hide: true }, exposeHeadRoute: false }, async (request, reply) => {
    const flow = flowOf(request);
    // A browser keeps the flow of the tab that began last, and only the way back of that one uses it up.
    if (flow === null) return leadTo(reply, "/#sign-in=provider_refused");
    const { returnTo } = flow;
    const entered = await comeBack(request, flow);
    const forget = oidc.flowCookie.write(null);
    const isIn = typeof entered !== "string";
    reply.header("set-cookie", isIn ? [forget, people.cookie.write(entered.token)] : forget);
    return leadTo(reply, isIn ? returnTo : `${returnTo}#sign-in=${entered}`);
  });

  /** The one whose way back this is; null where the browser keeps none, or another one. */
  function flowOf({ headers, raw }: FastifyRequest): KeptFlow | null {
    const flow = oidc?.flowCookie.read(headers) ?? null;
    return flow?.state === new URLSearchParams(searchOf(raw.url)).get("state") ? flow : null;
  }

  async function comeBack(request: FastifyRequest, flow: KeptFlow): Promise<{ readonly token: string } | ProblemCode> {
    const origin = originOf(request);
    if (oidc === null || origin === null) return "provider_refused";
    const attempt = attemptOf(request.ip);
    if (people.limiter.take(attempt) > 0) return "too_many_attempts";
    const identity = await identityOf(oidc.client.finish(new URL(request.url, origin), flow));
    if (identity === null) return "provider_refused";
    people.limiter.forgive(attempt);
    const outcome = await oidc.enter(identity, request.headers["user-agent"] ?? "").catch(refusalOf);
    return isRefusal(outcome) ? outcome.refused : outcome;
  }

  /** Null where the provider doesn't vouch for anybody. */
  function identityOf(finished: Promise<OidcIdentity>): Promise<OidcIdentity | null> {
    return finished.catch((error: unknown) => {
      log.warn({ why: whyOf(error) }, "a sign-in with the provider failed");
      return null;
    });
  }

  /** What went wrong here, for the page: the browser shows no problem by itself. */
  function refusalOf(error: unknown): Refusal {
    const { refusal, isOurs } = translateError(error);
    if (isOurs) log.error({ err: error }, "somebody whom the provider vouched for could not be let in");
    return refusal;
  }

  /** Where people reach this server, as the provider knows it. */
  function originOf({ headers }: FastifyRequest): string | null {
    return settings.publicUrl ?? URL.parse(`${schemeOf(settings)}://${headers.host ?? ""}`)?.origin ?? null;
  }
}

function leadTo(reply: FastifyReply, address: string): FastifyReply {
  return reply.code(303).header("location", address).send();
}

/** Never what was sent or answered, which may have secrets. */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const code = codeOf(error);
  return code === null ? error.message : `${code}: ${error.message}`;
}
