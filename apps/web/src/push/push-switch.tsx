/** The switch by which a person has this device told of replies that are ready while nobody looks [PUSH-1]. */
import { useEffect, useState } from "preact/hooks";
import { accountFailureText } from "../errors/account-failure-texts.ts";
import { Switch } from "../settings/switch.tsx";
import type { PushChoice, PushProblem, PushState } from "./push-choice.ts";

export function PushSwitch({ push }: { readonly push: PushChoice }) {
  const [state, setState] = useState<PushState | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => {
    let isShown = true;
    const begin = async () => {
      const known = await push.state();
      if (isShown) setState((chosen) => chosen ?? known);
    };
    void begin();
    return () => {
      isShown = false;
    };
  }, [push]);
  const choose = async (isOn: boolean) => {
    setIsBusy(true);
    setState(await (isOn ? push.turnOn() : push.turnOff()));
    setIsBusy(false);
  };
  const { isOn = false, problem = null } = state ?? {};
  return (
    <>
      <Switch
        label="Tell this device when a reply is ready and nobody looks"
        hint={
          typeof problem === "string" ? WHY_NOT[problem] : "Also where Instep is closed. Only the chat's title is sent."
        }
        isOn={isOn}
        isDisabled={state === null || isBusy || (typeof problem === "string" && problem !== "no-service")}
        onChange={(chosen) => void choose(chosen)}
      />
      {problem !== null && typeof problem === "object" && (
        <p class="setting-problem" role="alert">
          Not changed. {accountFailureText(problem.failed).title}
        </p>
      )}
    </>
  );
}

const WHY_NOT: Readonly<Record<PushProblem & string, string>> = {
  insecure: "Browsers allow this by HTTPS only.",
  "not-installed": "Add Instep to your home screen first: iPhones and iPads allow this there only.",
  unsupported: "This browser can't be told while its page is closed.",
  denied: "Your browser blocks notifications for this page.",
  "no-service": "The browser's push service can't be reached. Try again.",
};
