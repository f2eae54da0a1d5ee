/** What Enter does in the message box. */
import type { EnterKey } from "../settings/settings-store.ts";

/** What tells whether a key press belongs to an input method, which is composing a word. */
export interface ComposingPress {
  readonly isComposing: boolean;
  readonly keyCode: number;
}

export interface EnterPress extends ComposingPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Whether a key press sends: Enter as chosen, Ctrl or Cmd with Enter always, Shift with Enter never. */
export function sendsOn(press: EnterPress, enterKey: EnterKey, isTouch: boolean): boolean {
  if (press.key !== "Enter" || isComposing(press) || press.shiftKey || press.altKey) return false;
  if (press.ctrlKey || press.metaKey) return true;
  return enterKey === "auto" ? !isTouch : enterKey === "sends";
}

/** Whether a key press is not meant for the page; Safari says of the Enter that ends a composition only that its key code is 229. */
export function isComposing(press: ComposingPress): boolean {
  return press.isComposing || press.keyCode === 229;
}
