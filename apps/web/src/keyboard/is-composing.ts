/** Which key presses belong to an input method. */

/** What of a key press tells whether an input method is composing a word with it. */
export interface ComposingPress {
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/** Whether a key press belongs to one, and so is not meant for the page. For the Enter that ends a composition, Safari only sets the key code 229. */
export function isComposing(press: ComposingPress): boolean {
  return press.isComposing || press.keyCode === 229;
}
