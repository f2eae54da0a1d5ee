/** What Enter does in the message box. */
import type { EnterKey } from "../settings/settings-store.ts";

export interface EnterPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  /** Enter that ends a composition of an input method is not meant for the page. */
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/** Safari ends the composition before it tells of the key, and then only this number is left of it. */
const KEY_OF_INPUT_METHOD = 229;

/** Whether a key press sends: Enter as chosen, Ctrl or Cmd with Enter always, Shift with Enter never. */
export function sendsOn(press: EnterPress, enterKey: EnterKey, isTouch: boolean): boolean {
  const isOfInputMethod = press.isComposing || press.keyCode === KEY_OF_INPUT_METHOD;
  if (press.key !== "Enter" || isOfInputMethod || press.shiftKey || press.altKey) return false;
  if (press.ctrlKey || press.metaKey) return true;
  return enterKey === "auto" ? !isTouch : enterKey === "sends";
}
