/** What a password has to be. */
import type { Refusal } from "@instep/sync-server";

const MIN_LENGTH = 8;
/** Longer ones would only cost more. */
const MAX_LENGTH = 512;

/** What is wrong with a password of that field; null where nothing is. Never repeats it. */
export function faultOfPassword(password: string, field: string): Refusal | null {
  const { length } = password;
  if (length >= MIN_LENGTH && length <= MAX_LENGTH) return null;
  const detail = `A password has ${MIN_LENGTH} to ${MAX_LENGTH} characters.`;
  return { refused: "invalid_body", detail, members: { field } };
}
