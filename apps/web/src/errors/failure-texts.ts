/**
 * The failures that any view may meet, in words: what happened, and what a person can do about it. What waits in the outbox, or is asked
 * again on its own, shows no advice: these words are for whoever has to ask again.
 */
import { type English, t } from "../words/words.ts";

export interface FailureText {
  /** What happened, as one sentence. */
  readonly title: string;
  /** What to do now, as one sentence. */
  readonly advice: string;
}

/** The same as it stands here, before it is said. */
export type FailureEnglish = Readonly<Record<keyof FailureText, English>>;

/** Says it in the language of the page. */
export function failureInWords({ title, advice }: FailureEnglish): FailureText {
  return { title: t(title), advice: t(advice) };
}

const TRY_AGAIN = "Try again in a moment.";
const RELOAD = "Reload the page, then try again.";
const NOT_UNDERSTOOD = { title: "The server did not understand the request.", advice: RELOAD } as const;

/** What only accounts, presets and imports fail with has its words in `all-failure-texts.ts`, which loads with those. */
export const TEXTS = {
  invalid_parameter: NOT_UNDERSTOOD,
  invalid_body: NOT_UNDERSTOOD,
  unauthorized: {
    title: "You are signed out.",
    advice: "Reload the page to get in again; what you wrote is kept on this device.",
  },
  cross_site: {
    title: "The server did not accept this address.",
    advice: "Open Instep at the address that it was set up for.",
  },
  forbidden: { title: "You are not allowed to do this.", advice: "Ask whoever runs this server for access." },
  not_found: { title: "This is not here any more.", advice: "It may have been deleted on another device." },
  conversation_not_found: {
    title: "This conversation is not here.",
    advice: "It may have been deleted, or it belongs to another account.",
  },
  conversation_trashed: {
    title: "This conversation is in the trash.",
    advice: "Restore it from the trash to go on with it.",
  },
  message_not_found: { title: "This message is not there any more.", advice: RELOAD },
  version_not_found: {
    title: "That earlier version is gone.",
    advice: "It was brought back on another device, or its time has ended.",
  },
  reply_not_found: { title: "This reply is not there any more.", advice: "Try again to get a new one." },
  method_not_allowed: NOT_UNDERSTOOD,
  conversation_deleted: {
    title: "This conversation was deleted.",
    advice: "Start a new chat; your text is still in the message box.",
  },
  reply_running: {
    title: "A reply is still being written here.",
    advice: "Wait until it has finished, or stop it first.",
  },
  duplicate_message_id: {
    title: "This message was already sent in another form.",
    advice: "Discard it here, and send it again as a new message.",
  },
  stale_conversation: {
    title: "There are newer messages in this conversation.",
    advice: "Look at what is new, then try again.",
  },
  body_too_large: { title: "This is too large to send.", advice: "Shorten it, or send it in parts." },
  unsupported_media_type: NOT_UNDERSTOOD,
  message_too_long: {
    title: "This message is too long.",
    advice: "It may have 200,000 characters; shorten it, or send it in parts.",
  },
  unknown_model: {
    title: "This model is not available any more.",
    advice: "Retry sends it to the one that the message box names.",
  },
  too_many_requests: {
    title: "This account asks more than the server allows.",
    advice: "Wait a minute, then try again.",
  },
  too_many_conversations: {
    title: "There is no room for another conversation.",
    advice: "Delete some for good, in the trash too, then try again.",
  },
  too_many_replies: {
    title: "Several replies are being written already.",
    advice: "Wait until one has finished, then try again.",
  },
  internal: { title: "Something went wrong on the server.", advice: TRY_AGAIN },
  // The server says what helps with a model, in its detail.
  model_unreachable: { title: "The model can't be reached.", advice: TRY_AGAIN },
  model_unauthorized: { title: "The model's server refused access.", advice: TRY_AGAIN },
  model_rate_limited: { title: "The model is being asked too often.", advice: TRY_AGAIN },
  model_interrupted: { title: "The model stopped in the middle of its reply.", advice: TRY_AGAIN },
  model_bad_response: { title: "The model's answer could not be read.", advice: TRY_AGAIN },
  model_failed: { title: "The model could not answer.", advice: TRY_AGAIN },
  model_timeout: { title: "The model took too long.", advice: TRY_AGAIN },
  reply_interrupted: {
    title: "The reply was interrupted.",
    advice: "What was written is kept; try again for the rest.",
  },
  unavailable: { title: "The server can't answer just now.", advice: TRY_AGAIN },
  unreachable: {
    title: "The server can't be reached.",
    advice: "Check your connection, then try again.",
  },
  timed_out: { title: "The server took too long to answer.", advice: TRY_AGAIN },
  bad_answer: { title: "The server's answer could not be read.", advice: RELOAD },
} as const satisfies Record<string, FailureEnglish>;

const TEXT_BY_CODE = new Map<string, FailureEnglish>(Object.entries(TEXTS));
const UNKNOWN: FailureEnglish = { title: "Something went wrong.", advice: TRY_AGAIN };

/** The words for a failure's code; a code from a newer server gets general ones. */
export function failureText(code: string): FailureText {
  return failureInWords(TEXT_BY_CODE.get(code) ?? UNKNOWN);
}

/** What happened and what to do now, one after the other. */
export function failureWords(code: string): string {
  const { title, advice } = failureText(code);
  return `${title} ${advice}`;
}

/**
 * The words for a turn that failed. Only the server knows why a model could not answer, and whether that is its name, its address or
 * the length of what it was given: its detail says so, with what to do, in English; another language quotes it.
 */
export function turnFailureWords({ code, detail }: { readonly code: string; readonly detail: string }): string {
  const { title, advice } = failureText(code);
  return code.startsWith("model_") && detail !== "" ? t("{title} {detail}", { title, detail }) : `${title} ${advice}`;
}
