/** Which key presses belong to an input method. */

/** What tells whether a key press belongs to an input method, which is composing a word. */
export interface ComposingPress {
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/** Whether a key press is not meant for the page; Safari says of the Enter that ends a composition only that its key code is 229. */
export function isComposing(press: ComposingPress): boolean {
  return press.isComposing || press.keyCode === 229;
}
