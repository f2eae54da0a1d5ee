/** What a password has to be. */
import type { Refusal } from "@instep/sync-server";

const MIN_LENGTH = 8;
/** Longer ones no call takes: what a hash costs doesn't depend on it. */
const MAX_LENGTH = 10_000;

/** What is wrong with a new password of that field; null where nothing is. Characters are code points. Never repeats it. */
export function faultOfPassword(password: string, field: string): Refusal | null {
  const length = lengthOf(password);
  if (length >= MIN_LENGTH && length <= MAX_LENGTH) return null;
  const wanted = length < MIN_LENGTH ? `${MIN_LENGTH} characters or more` : `${MAX_LENGTH} characters at most`;
  return { refused: "invalid_body", detail: `A password has ${wanted}.`, members: { field } };
}

/** Whether it is worth a hash to compare it with one that stands, which may have been set when code units were counted. */
export function mayBePassword(password: string): boolean {
  return password.length >= MIN_LENGTH && lengthOf(password) <= MAX_LENGTH;
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
