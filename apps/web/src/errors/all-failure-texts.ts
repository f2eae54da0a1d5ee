/** Every failure in words, with those that only accounts, presets and imports meet: no part of what the page begins with. */
import type { ProblemCode } from "@instep/protocol";
import type { FailureCode } from "../sync/device.ts";
import { type FailureEnglish, type FailureText, failureText, failureInWords, TEXTS } from "./failure-texts.ts";

const ALL_TEXTS = {
  ...TEXTS,
  aborted: { title: "This was cancelled.", advice: "Try again whenever you like." },
  address_refused: {
    title: "This address can't be used to sign up or in here.",
    advice: "Use the password of the account that it has, or ask whoever runs this server for access.",
  },
  too_many_attempts: { title: "There were too many attempts.", advice: "Wait a minute, then try again." },
  sign_in_refused: { title: "The address or the password is not right.", advice: "Check both, and try again." },
  address_unverified: {
    title: "Your provider has not verified this address.",
    advice: "Verify it there, then sign in again.",
  },
  provider_refused: { title: "Your provider did not sign you in.", advice: "Try again, or sign in with a password." },
  provider_unreachable: {
    title: "The provider can't be reached.",
    advice: "Try again in a moment, or sign in with a password.",
  },
  sign_in_again: {
    title: "This needs a fresh sign-in.",
    advice: "Sign out, sign in again, and do it within ten minutes.",
  },
  passkey_refused: {
    title: "This passkey was not accepted.",
    advice: "Try again; if it stays so, use your password and add the passkey anew.",
  },
  passkey_not_found: {
    title: "This passkey is not here any more.",
    advice: "It may have been removed on another device.",
  },
  passkeys_unavailable: {
    title: "Passkeys can't be used at this address.",
    advice: "Open Instep by its name and HTTPS, or ask whoever runs this server to set that up.",
  },
  reset_refused: {
    title: "This link can't be used any more.",
    advice: "Ask whoever runs this server for another one.",
  },
  token_not_found: { title: "This token is not here any more.", advice: "It may have been deleted on another device." },
  preset_not_found: {
    title: "This preset is not here any more.",
    advice: "It may have been deleted on another device.",
  },
  too_many_presets: { title: "There is no room for another preset.", advice: "Delete one first." },
  session_not_found: { title: "This session has ended.", advice: "Nothing needs to be done." },
  import_running: {
    title: "Another import is running.",
    advice: "Wait until it has ended, or stop it where it was begun.",
  },
  unreadable_file: { title: "The file can't be read.", advice: "Choose an export of one of the kinds that are named." },
} as const satisfies Record<ProblemCode | FailureCode, FailureEnglish>;

const TEXT_BY_CODE = new Map<string, FailureEnglish>(Object.entries(ALL_TEXTS));

/** The words for the code of any failure. */
export function anyFailureText(code: string): FailureText {
  const text = TEXT_BY_CODE.get(code);
  return text ? failureInWords(text) : failureText(code);
}

/** What happened and what to do now, of any failure. */
export function anyFailureWords(code: string): string {
  const { title, advice } = anyFailureText(code);
  return `${title} ${advice}`;
}
