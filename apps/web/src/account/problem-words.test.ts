import { afterEach, expect, test } from "vitest";
import { type Failure, failure, type FailureCode } from "../sync/device.ts";
import { GERMAN } from "../words/german/german.ts";
import { setSpeech } from "../words/words.ts";
import { problemWords } from "./problem-words.ts";

const NO_REQUEST = "The server did not understand the request. Reload the page, then try again.";
const PASSWORD = "A password has 8 characters or more, and 10,000 at most.";

afterEach(() => setSpeech({ language: "en", locale: "en", clock: undefined, catalogue: null }));

function words(failed: FailureCode, more: Partial<Failure>): string {
  return problemWords({ ...failure(failed, ""), detail: "What the server says in English.", ...more });
}

test.each<[FailureCode, Partial<Failure>, string]>([
  ["too_many_attempts", { retryAfterMs: 200 }, "There were too many attempts. Try again in 1 second."],
  ["too_many_attempts", { retryAfterMs: 89_000 }, "There were too many attempts. Try again in 89 seconds."],
  ["too_many_attempts", { retryAfterMs: 500_000 }, "There were too many attempts. Try again in 9 minutes."],
  ["too_many_attempts", {}, "There were too many attempts. Wait a minute, then try again."],
  [
    "passkey_refused",
    { status: 403 },
    "This passkey was not accepted. Try again; if it stays so, use your password and add the passkey anew.",
  ],
  [
    "passkey_refused",
    { detail: "The browser's own words." },
    "This passkey was not accepted. The browser's own words.",
  ],
  ["invalid_body", { problem: { field: "email" } }, "This is not an email address."],
  ["invalid_body", { problem: { field: "password" } }, PASSWORD],
  ["invalid_body", { problem: { field: "new_password" } }, PASSWORD],
  ["invalid_body", { problem: { field: "name" } }, "A name needs something that can be seen."],
  ["invalid_body", { problem: { field: "newer" } }, NO_REQUEST],
  ["invalid_body", {}, NO_REQUEST],
  ["unreachable", {}, "The server can't be reached. Check your connection, then try again."],
])("a form says which field is wrong and how long to wait, and nothing in the server's own words: %s, %j", (...row) => {
  const [failed, more, expected] = row;
  expect(words(failed, more)).toBe(expected);
});

test("all of it is said in the language of the page", () => {
  setSpeech({ language: "de", locale: "de", clock: undefined, catalogue: GERMAN });
  expect(words("too_many_attempts", { retryAfterMs: 61_000 })).toBe(
    "Das waren zu viele Versuche. Versuche es in 61 Sekunden noch einmal.",
  );
  expect(words("passkey_refused", { status: 403 })).not.toContain("English");
  expect(words("invalid_body", { problem: { field: "new_password" } })).toBe(
    "Ein Passwort hat mindestens 8 und höchstens 10.000 Zeichen.",
  );
});
