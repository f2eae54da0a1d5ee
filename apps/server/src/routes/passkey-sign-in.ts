/** Signing in with a passkey: what a browser is asked to sign, and what it signed (SPEC section 8). */
import { PasskeyRequestSchema, PasskeySignInSchema, SignedInSchema } from "@instep/protocol/schemas";
import { isRefusal } from "@instep/sync-server";
import { newBrowser } from "../accounts/browser-cookie.ts";
import type { People } from "../accounts/open-sign-in.ts";
import { relyingPartyOf } from "../accounts/relying-party.ts";
import type { App, AppContext } from "../app-context.ts";
import { sendProblem } from "../problems.ts";
import { answers } from "./route-answers.ts";

/** Registers the two calls; both answer without a session, and name no account until one is signed in. */
export function registerPasskeySignInRoutes(app: App, { settings }: AppContext, people: People): void {
  const { passkeys, browserCookie, cookie } = people;
  const isPublic = { isPublic: true };

  const beginSchema = {
    summary: "Begin to sign in with a passkey: what the browser is asked to sign",
    response: answers(200, PasskeyRequestSchema, "Good once, for this browser, for five minutes"),
  };
  app.post("/api/auth/sign-in/passkey/begin", { schema: beginSchema, config: isPublic }, async (request, reply) => {
    const party = relyingPartyOf(settings, request.headers.host);
    if (isRefusal(party)) return sendProblem(reply, party);
    // The same one for every tab, so that they don't end each other's.
    const browser = browserCookie.read(request.headers) ?? newBrowser();
    return reply.header("set-cookie", browserCookie.write(browser)).send(passkeys.beginSignIn(browser, party));
  });

  const schema = {
    summary: "Sign in with a passkey",
    body: PasskeySignInSchema,
    response: answers(200, SignedInSchema, "The session's cookie is set"),
  };
  app.post("/api/auth/sign-in/passkey", { schema, config: isPublic }, async (request, reply) => {
    const { headers, ip: source, body } = request;
    const party = relyingPartyOf(settings, headers.host);
    if (isRefusal(party)) return sendProblem(reply, party);
    const browser = browserCookie.read(headers);
    const device = headers["user-agent"] ?? "";
    const outcome = await passkeys.finishSignIn(body.response, { party, browser, source, device });
    if (isRefusal(outcome)) return sendProblem(reply, outcome);
    return reply.header("set-cookie", cookie.write(outcome.token)).send({ user: outcome.user });
  });
}
