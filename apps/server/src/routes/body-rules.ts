/** What names and texts in a body have to keep to besides its schema. */
import { canBeSeen } from "@instep/protocol";
import type { Refusal } from "@instep/sync-server";

/** The refusal of a name or title that nobody could see; null where it says something, or isn't given. */
export function refuseBlank(field: string, text: string | undefined): Refusal | null {
  if (text === undefined || canBeSeen(text)) return null;
  return { refused: "invalid_body", detail: `${field} has nothing that can be seen.`, members: { field } };
}

/**
 * The refusal of the first text that is longer than it may be; null where none is. In UTF-16 code units, as devices and imports count: the
 * schemas, which count characters, let some more through.
 */
export function refuseLong(
  texts: Readonly<Record<string, readonly [text: string | null | undefined, most: number]>>,
): Refusal | null {
  for (const [field, [text, most]] of Object.entries(texts)) {
    const length = text?.length ?? 0;
    if (length <= most) continue;
    const detail = `${field} has ${length} characters; at most ${most} are allowed.`;
    return { refused: "invalid_body", detail, members: { field } };
  }
  return null;
}
