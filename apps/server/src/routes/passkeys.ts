/** One's own passkeys: made, listed, renamed, removed (SPEC section 8). */
import type { Passkey as WirePasskey } from "@instep/protocol";
import {
  NewPasskeySchema,
  PasskeyBeginSchema,
  PasskeyCreationSchema,
  PasskeyListSchema,
  PasskeySchema,
  PatchPasskeySchema,
} from "@instep/protocol/schemas";
import { isRefusal, type Refusal } from "@instep/sync-server";
import { Type } from "typebox";
import type { People } from "../accounts/open-sign-in.ts";
import { relyingPartyOf } from "../accounts/relying-party.ts";
import type { StoredPasskey } from "../accounts/storage/account-store.ts";
import type { App, AppContext } from "../app-context.ts";
import { sendProblem } from "../problems.ts";
import { refuseBlank } from "./body-rules.ts";
import { answers, DONE_ANSWER, isoOf } from "./route-answers.ts";
import { sessionOf } from "./session-of.ts";

const PasskeyParams = Type.Object({ passkey_id: Type.String({ description: "A passkey's id" }) });
const NOT_FOUND: Refusal = { refused: "passkey_not_found" };

/** Registers the calls on one's own passkeys. */
export function registerPasskeyRoutes(app: App, context: AppContext, people: People): void {
  registerAdding(app, context, people);
  const { store } = people;

  const listSchema = {
    summary: "One's own passkeys",
    response: answers(200, PasskeyListSchema, "Each with the host that it signs in at"),
  };
  app.get("/api/passkeys", { schema: listSchema }, async (request, reply) => {
    return reply.send({ passkeys: store.passkeysOf(request.accountId).map(wirePasskey) });
  });

  const renameSchema = {
    summary: "Name a passkey anew",
    params: PasskeyParams,
    body: PatchPasskeySchema,
    response: answers(200, PasskeySchema, "The passkey as it stands now"),
  };
  app.patch("/api/passkeys/:passkey_id", { schema: renameSchema }, async (request, reply) => {
    const session = sessionOf(people, request.headers);
    if (isRefusal(session)) return sendProblem(reply, session);
    const blank = refuseBlank("name", request.body.name);
    if (blank !== null) return sendProblem(reply, blank);
    const id = request.params.passkey_id.toLowerCase();
    const renamed = store.renamePasskey(session.personId, id, request.body.name.trim());
    return renamed === null ? sendProblem(reply, NOT_FOUND) : reply.send(wirePasskey(renamed));
  });

  const removeSchema = {
    summary: "Remove a passkey: it signs nobody in any more",
    params: PasskeyParams,
    response: DONE_ANSWER,
  };
  app.delete("/api/passkeys/:passkey_id", { schema: removeSchema }, async (request, reply) => {
    const session = sessionOf(people, request.headers);
    if (isRefusal(session)) return sendProblem(reply, session);
    const isRemoved = store.removePasskey(session.personId, request.params.passkey_id.toLowerCase());
    return isRemoved ? reply.send({ status: "removed" }) : sendProblem(reply, NOT_FOUND);
  });
}

function registerAdding(app: App, { settings }: AppContext, people: People): void {
  const { passkeys } = people;

  const beginSchema = {
    summary: "Begin to add a passkey, just after signing in or with the password: what the browser is asked to make",
    body: PasskeyBeginSchema,
    response: answers(200, PasskeyCreationSchema, "Good once, for this session, for five minutes"),
  };
  app.post("/api/passkeys/begin", { schema: beginSchema }, async (request, reply) => {
    const { headers, ip: source, body } = request;
    const session = sessionOf(people, headers);
    if (isRefusal(session)) return sendProblem(reply, session);
    const party = relyingPartyOf(settings, headers.host);
    if (isRefusal(party)) return sendProblem(reply, party);
    const begun = await passkeys.beginAdding(session, { party, password: body.password, source });
    return isRefusal(begun) ? sendProblem(reply, begun) : reply.send(begun);
  });

  const schema = {
    summary: "Add the passkey that the browser made",
    body: NewPasskeySchema,
    response: answers(201, PasskeySchema, "The passkey"),
  };
  app.post("/api/passkeys", { schema }, async (request, reply) => {
    const { headers, body } = request;
    const session = sessionOf(people, headers);
    if (isRefusal(session)) return sendProblem(reply, session);
    const party = relyingPartyOf(settings, headers.host);
    if (isRefusal(party)) return sendProblem(reply, party);
    const blank = refuseBlank("name", body.name);
    if (blank !== null) return sendProblem(reply, blank);
    const made = await passkeys.finishAdding(session, { ...body, name: body.name.trim() }, party);
    return isRefusal(made) ? sendProblem(reply, made) : reply.code(201).send(wirePasskey(made));
  });
}

function wirePasskey({ id, name, host, createdAt, usedAt }: StoredPasskey): WirePasskey {
  const lastUsedAt = usedAt === null ? null : isoOf(usedAt);
  return { id, name, host, created_at: isoOf(createdAt), last_used_at: lastUsedAt };
}
