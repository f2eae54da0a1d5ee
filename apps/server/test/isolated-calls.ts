/** Every call of the API with the ids that it takes, wherever it takes them: in its path, its query or its body [SYNC-9]. */
import type { CallOptions } from "./client.ts";

/** Ids that may be somebody's; `seq` is a place in the conversation. */
export interface Ids {
  readonly conversation: string;
  readonly reply: string;
  readonly version: string;
  readonly token: string;
  readonly session: string;
  readonly passkey: string;
  /** What the authenticator calls that. */
  readonly credential: string;
  readonly preset: string;
  readonly clientMessage: string;
  readonly cursor: string;
  readonly seq: number;
}

export interface IsolatedCall {
  /** What the ids are put into besides the path. */
  readonly query?: (ids: Ids) => Readonly<Record<string, string | number>>;
  readonly body?: (ids: Ids) => object;
}

const ASK: IsolatedCall = {};
const PASSWORDS = { current_password: "a wrong one of many", new_password: "battery staple" };
const send = ({ clientMessage }: Ids) => ({ message: "Hello", client_message_id: clientMessage });

/** An export of a conversation with that id and words of its own. */
const exportWith = (id: string) => ({
  instep_export: 1,
  conversations: [{ id, title: "Taken over", created_at: "2026-01-01T00:00:00.000000Z", messages: [WORDS] }],
});
const WORDS = { role: "user", content: "more marmalade", created_at: "2026-01-01T00:00:00.000000Z" };

/** Whose it is, `push.test.ts` tells. */
const SUBSCRIPTION = {
  endpoint: "https://push.example.net/send/d1e6",
  keys: {
    p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    auth: "BTBZMqHH6r4Tts7J_aSIgg",
  },
};

/** Of the right shape; what it proves is nothing. */
const signedBy = (credential: string, response: object) => ({
  response: { id: credential, rawId: credential, type: "public-key", response, clientExtensionResults: {} },
});
const MADE = { clientDataJSON: "e30", attestationObject: "oA" };
const SIGNED = { clientDataJSON: "e30", authenticatorData: "AA", signature: "AA" };

/** By method and path, as OpenAPI names them. A route that is added has to be added here. */
export const ISOLATED_CALLS: Readonly<Record<string, IsolatedCall>> = {
  "GET /api/config": ASK,
  "GET /api/me": ASK,
  "PATCH /api/me": { body: () => ({ name: "Another" }) },
  "DELETE /api/me": { body: () => ({ password: "a wrong one of many" }) },
  "GET /api/export": ASK,
  "POST /api/import": { body: ({ conversation }) => exportWith(conversation) },
  "GET /api/conversations": { query: ({ cursor }) => ({ cursor, limit: 1000 }) },
  "POST /api/conversations": { body: ({ conversation }) => ({ id: conversation }) },
  "POST /api/conversations/actions": { body: ({ conversation }) => ({ action: "restore", ids: [conversation] }) },
  "GET /api/conversations/sync": { query: () => ({ full: "true", limit: 5000 }) },
  "GET /api/conversations/{id}": ASK,
  "PATCH /api/conversations/{id}": { body: () => ({ title: "Taken over", archived: true }) },
  "DELETE /api/conversations/{id}": { query: () => ({ permanent: "true" }) },
  "POST /api/conversations/{id}/restore": ASK,
  "POST /api/conversations/{id}/read": { body: ({ seq }) => ({ seq }) },
  "GET /api/conversations/{id}/messages": { query: ({ seq }) => ({ around: seq }) },
  "GET /api/conversations/{id}/unread": { query: () => ({ after_seq: 0 }) },
  "GET /api/conversations/{id}/versions/{seq}": ASK,
  "POST /api/conversations/{id}/versions/{version_id}/restore": { body: ({ seq }) => ({ expected_last_seq: seq }) },
  "POST /api/conversations/{id}/chat/batch": { body: send },
  "POST /api/conversations/{id}/chat/stream": { body: send },
  "GET /api/conversations/{id}/chat/replies/{reply_id}/stream": { query: () => ({ after: 0 }) },
  "POST /api/conversations/{id}/chat/replies/{reply_id}/stop": ASK,
  "GET /api/trash": ASK,
  "DELETE /api/trash": ASK,
  "GET /api/trash/{id}/messages": ASK,
  "GET /api/search": { query: () => ({ q: "marmalade" }) },
  "GET /api/presets": ASK,
  "PUT /api/presets/{preset_id}": { body: () => ({ name: "Taken over", instructions: "Say quince." }) },
  "DELETE /api/presets/{preset_id}": ASK,
  "GET /api/push/key": ASK,
  "POST /api/push/subscriptions": { body: () => SUBSCRIPTION },
  "DELETE /api/push/subscriptions": { body: () => ({ endpoint: SUBSCRIPTION.endpoint }) },
  "GET /api/sessions": ASK,
  "DELETE /api/sessions": { query: () => ({ others: "true" }) },
  "DELETE /api/sessions/{session_id}": ASK,
  "GET /api/tokens": ASK,
  "POST /api/tokens": { body: () => ({ name: "A token" }) },
  "DELETE /api/tokens/{token_id}": ASK,
  "GET /api/passkeys": ASK,
  "POST /api/passkeys": { body: ({ credential }) => ({ name: "A passkey", ...signedBy(credential, MADE) }) },
  "POST /api/passkeys/begin": { body: () => ({ password: "a wrong one of many" }) },
  "PATCH /api/passkeys/{passkey_id}": { body: () => ({ name: "Taken over" }) },
  "DELETE /api/passkeys/{passkey_id}": ASK,
  "POST /api/auth/password": { body: () => PASSWORDS },
  "POST /api/auth/reset-password": { body: ({ token }) => ({ token, password: "battery staple" }) },
  "POST /api/auth/sign-in/email": { body: () => ({ email: "nobody@example.com", password: "incorrect horse" }) },
  "POST /api/auth/sign-in/oidc": ASK,
  "POST /api/auth/sign-in/passkey": { body: ({ credential }) => signedBy(credential, SIGNED) },
  "POST /api/auth/sign-in/passkey/begin": ASK,
  "POST /api/auth/sign-out": ASK,
  "POST /api/auth/sign-up/email": { body: () => ({ email: "nobody@elsewhere.example", password: "correct horse" }) },
};

/** The call as it is sent with these ids. Throws for a place in the path that it knows no id for. */
export function requestWith(operation: string, call: IsolatedCall, ids: Ids): { path: string; options: CallOptions } {
  const [method = "", pattern = ""] = operation.split(" ");
  const byName: Readonly<Record<string, string | number>> = {
    id: ids.conversation,
    reply_id: ids.reply,
    version_id: ids.version,
    seq: ids.seq,
    token_id: ids.token,
    session_id: ids.session,
    passkey_id: ids.passkey,
    preset_id: ids.preset,
  };
  const path = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const id = byName[name];
    if (id === undefined) throw new Error(`${operation} has an id of a new kind in its path: ${name}`);
    return String(id);
  });
  const query = Object.entries(call.query?.(ids) ?? {}).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const body = call.body?.(ids);
  return { path: query.length > 0 ? `${path}?${query.join("&")}` : path, options: { method, ...(body && { body }) } };
}
