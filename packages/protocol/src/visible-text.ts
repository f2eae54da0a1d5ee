/** Whether a text shows anything: what is called by one that doesn't can't be found in a list, nor pressed. */

/** White space, controls, marks that only steer what stands beside them, fillers, and Braille's empty cell. */
const UNSEEN = /^[\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** False for a text without a single character that leaves a mark. */
export function canBeSeen(text: string): boolean {
  return !UNSEEN.test(text);
}
