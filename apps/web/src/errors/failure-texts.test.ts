/** Every failure has words that a person understands. */
import { PROBLEMS } from "@instep/protocol/schemas";
import { afterEach, expect, test } from "vitest";
import { GERMAN } from "../words/german/german.ts";
import { setSpeech } from "../words/words.ts";
import { anyFailureText } from "./all-failure-texts.ts";
import { failureText, turnFailureWords } from "./failure-texts.ts";

afterEach(() => setSpeech({ language: "en", locale: "en", clock: undefined, catalogue: null }));

const NETWORK_CODES = ["unreachable", "timed_out", "bad_answer", "aborted"];

test("every code of the protocol and of the network has its own words and an advice", () => {
  const unknown = failureText("a code of a later version");
  for (const code of [...Object.keys(PROBLEMS), ...NETWORK_CODES]) {
    const { title, advice } = anyFailureText(code);
    expect(title, code).toMatch(/^[A-Z].*\.$/);
    expect(advice, code).toMatch(/^[A-Z].*\.$/);
    if (code !== "internal") expect(title, code).not.toBe(unknown.title);
    expect(`${title} ${advice}`, code).not.toMatch(/\b(?:HTTP|JSON|null|undefined|\d{3} error)\b/);
  }
});

test("only what is refused at the sign-in sends a person there", () => {
  const codes = Object.keys(PROBLEMS).filter((code) => /sign in/i.test(anyFailureText(code).advice));
  expect(codes.toSorted()).toEqual(["address_unverified", "provider_refused", "provider_unreachable", "sign_in_again"]);
});

test("what the page begins with lacks only the words of accounts and imports", () => {
  const unknown = failureText("a code of a later version");
  const later = Object.keys(PROBLEMS).filter((code) => failureText(code).title === unknown.title);
  expect(later.toSorted()).toEqual([
    "address_refused",
    "address_unverified",
    "import_running",
    "passkey_not_found",
    "passkey_refused",
    "passkeys_unavailable",
    "preset_not_found",
    "provider_refused",
    "provider_unreachable",
    "reset_refused",
    "session_not_found",
    "sign_in_again",
    "sign_in_refused",
    "token_not_found",
    "too_many_attempts",
    "too_many_presets",
    "unreadable_file",
  ]);
});

test("nobody is told that something goes out later, or is tried again by itself: what is shown of a failure is of a call that is over", () => {
  const promise = /on its own|goes out later|will be/;
  const codes = [...Object.keys(PROBLEMS), ...NETWORK_CODES];
  for (const textOf of [failureText, anyFailureText]) {
    expect(codes.filter((code) => promise.test(textOf(code).advice))).toEqual([]);
    for (const code of ["too_many_requests", "unavailable", "unreachable"]) {
      expect(textOf(code).advice, code).toMatch(/try again/i);
    }
  }
});

test("a code that is not known gets words all the same", () => {
  const titles = [failureText, anyFailureText].map((textOf) => textOf("toString").title);
  expect(new Set(titles)).toEqual(new Set(["Something went wrong."]));
});

test("[MODEL-6] why a model could not answer is told by the server's own words; the rest has words here", () => {
  const detail = 'The model "x" was not found at http://127.0.0.1:11434; check the model\'s name and OPENAI_BASE_URL.';
  expect(turnFailureWords({ code: "model_failed", detail })).toBe(`The model could not answer. ${detail}`);
  expect(turnFailureWords({ code: "model_failed", detail: "" })).toContain("Try again in a moment.");
  expect(turnFailureWords({ code: "model_unauthorized", detail })).toContain(detail);
  expect(turnFailureWords({ code: "reply_interrupted", detail })).not.toContain(detail);
});

test("[MODEL-6] another language quotes the server's English instead of running on into it", () => {
  const detail = 'The model "{title}" was not found at http://127.0.0.1:11434.';
  setSpeech({ language: "de", locale: "de", clock: undefined, catalogue: GERMAN });
  const german = "Das Modell konnte nicht antworten.";
  expect(turnFailureWords({ code: "model_failed", detail })).toBe(`${german} Der Server sagt dazu: „${detail}“`);
  expect(turnFailureWords({ code: "model_failed", detail: "" })).toBe(`${german} Versuche es gleich noch einmal.`);
});
