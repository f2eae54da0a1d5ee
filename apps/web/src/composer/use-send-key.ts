/** Which key press sends, wherever a message is written: as the settings and the kind of the screen have it. */
import { useEnvironment } from "../environment.ts";
import { useSettings } from "../settings/settings-store.ts";
import { type EnterPress, sendsOn } from "./enter-key.ts";

export function useSendKey(): (press: EnterPress) => boolean {
  const environment = useEnvironment();
  const [{ enterKey }] = useSettings();
  return (press) => sendsOn(press, enterKey, environment.matches("(pointer: coarse)"));
}
