/** What Enter does in the message box. */
import { type ComposingPress, isComposing } from "../keyboard/is-composing.ts";
import type { EnterKey } from "../settings/settings-store.ts";

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
