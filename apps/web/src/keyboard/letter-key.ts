/** Which letter a key press with Ctrl or Cmd means, whatever a keyboard is laid out for. */

/** What tells of the letter; `code` names the place of the key by what stands there on an English keyboard. */
export interface LetterPress {
  readonly key: string;
  readonly code: string;
  readonly altKey: boolean;
  readonly getModifierState: (name: string) => boolean;
}

/** What stands on the key, in lower case; where that is of another script, what an English keyboard has there. AltGr types: null. */
export function letterOf(press: LetterPress): string | null {
  if (press.altKey || isByAltGr(press)) return null;
  const isLatin = /[\p{Script=Latin}\p{ASCII}]/u.test(press.key);
  return (isLatin ? press.key : press.code.slice(-1)).toLowerCase();
}

/** Whether AltGr is held, which types what stands third on a key; Windows tells of it as Ctrl and Alt. */
export function isByAltGr(press: Pick<LetterPress, "getModifierState">): boolean {
  return press.getModifierState("AltGraph");
}
