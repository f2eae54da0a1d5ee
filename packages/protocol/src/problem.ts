/** Problem codes: every error that the server can answer, in one list. */
import { Type, type Static } from "typebox";

/** Each code with its HTTP status and the title that a person reads [SPEC section 5]. */
export const PROBLEMS = {
  invalid_parameter: { status: 400, title: "A parameter is not valid" },
  invalid_body: { status: 400, title: "The request's body is not valid" },
  unauthorized: { status: 401, title: "You are not signed in" },
  sign_in_refused: { status: 401, title: "The address or the password is not right" },
  cross_site: { status: 403, title: "This request came from another site" },
  forbidden: { status: 403, title: "You may not do this" },
  too_many_conversations: { status: 403, title: "There are too many conversations" },
  too_many_presets: { status: 403, title: "There are too many presets" },
  address_refused: { status: 403, title: "This address can't be used to sign in here" },
  address_unverified: { status: 403, title: "The provider has not verified this address" },
  provider_refused: { status: 403, title: "The provider did not sign you in" },
  passkey_refused: { status: 403, title: "This passkey can't be used" },
  passkeys_unavailable: { status: 403, title: "Passkeys can't be used at this address" },
  sign_in_again: { status: 403, title: "Sign in again for this" },
  reset_refused: { status: 403, title: "This link can't be used any more" },
  not_found: { status: 404, title: "Not found" },
  conversation_not_found: { status: 404, title: "There is no such conversation" },
  conversation_trashed: { status: 404, title: "This conversation is in the trash" },
  reply_not_found: { status: 404, title: "There is no such reply" },
  message_not_found: { status: 404, title: "There is no such message" },
  version_not_found: { status: 404, title: "There is no such version" },
  token_not_found: { status: 404, title: "There is no such token" },
  preset_not_found: { status: 404, title: "There is no such preset" },
  passkey_not_found: { status: 404, title: "There is no such passkey" },
  session_not_found: { status: 404, title: "There is no such session" },
  method_not_allowed: { status: 405, title: "This method is not allowed here" },
  conversation_deleted: { status: 409, title: "This conversation was deleted" },
  reply_running: { status: 409, title: "A reply is still being written" },
  duplicate_message_id: { status: 409, title: "This message id was already used for another message" },
  stale_conversation: { status: 409, title: "The conversation has moved on" },
  import_running: { status: 409, title: "An import is running already" },
  body_too_large: { status: 413, title: "The request is too large" },
  unsupported_media_type: { status: 415, title: "This content type is not supported" },
  message_too_long: { status: 422, title: "The message is too long" },
  unreadable_file: { status: 422, title: "The file can't be read" },
  unknown_model: { status: 422, title: "There is no such model" },
  too_many_attempts: { status: 429, title: "Too many attempts to sign in" },
  too_many_requests: { status: 429, title: "Too many requests" },
  too_many_replies: { status: 429, title: "Too many replies are being written" },
  internal: { status: 500, title: "Something went wrong" },
  model_unreachable: { status: 502, title: "The model can't be reached" },
  model_unauthorized: { status: 502, title: "The model refused the key" },
  model_rate_limited: { status: 502, title: "The model is asked too often" },
  model_interrupted: { status: 502, title: "The model stopped in the middle" },
  model_bad_response: { status: 502, title: "The model answered something unreadable" },
  model_failed: { status: 502, title: "The model failed" },
  model_timeout: { status: 504, title: "The model took too long" },
  reply_interrupted: { status: 502, title: "The reply was interrupted" },
  provider_unreachable: { status: 503, title: "The sign-in provider can't be reached" },
  unavailable: { status: 503, title: "The server can't answer just now" },
} as const satisfies Record<string, { status: number; title: string }>;

/** The `code` of a problem: what a program decides by. */
export type ProblemCode = keyof typeof PROBLEMS;

/** An error as it travels: `application/problem+json`, with members of its own where a code has some. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String({ description: "One of the codes listed in the protocol package" }),
  },
  { $id: "Problem", additionalProperties: true },
);
export type Problem = Static<typeof ProblemSchema>;
