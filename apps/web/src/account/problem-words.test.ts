import { expect, test } from "vitest";
import { failure } from "../../test/failures.ts";
import type { FailureCode } from "../sync/device.ts";
import { problemWords } from "./problem-words.ts";

test.each<[FailureCode, string, string]>([
  ["too_many_attempts", "Try again in 9 minutes.", "There were too many attempts. Try again in 9 minutes."],
  ["too_many_attempts", "", "There were too many attempts. Wait a minute, then try again."],
  ["passkey_refused", "It is unknown.", "This passkey was not accepted. It is unknown."],
  ["passkeys_unavailable", "No name.", "Passkeys can't be used at this address. No name."],
  ["invalid_body", "The address is none.", "The address is none."],
  ["unreachable", "ECONNREFUSED", "The server can't be reached. Check your connection, then try again."],
])("a form says what only the server knows, and else the page's own words: %s, %j", (code, detail, words) => {
  expect(problemWords({ ...failure(code), detail })).toBe(words);
});
