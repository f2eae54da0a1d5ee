/** The switch by which a person has this device told of replies that are ready while nobody looks [PUSH-1]. */
import { useEffect, useState } from "preact/hooks";
import { anyFailureText } from "../errors/all-failure-texts.ts";
import { Switch } from "../settings/switch.tsx";
import { useTellLate } from "../settings/use-tell-late.ts";
import type { PushChoice, PushProblem, PushState } from "./push-choice.ts";
import { type English, t } from "../words/words.ts";

export function PushSwitch({ push }: { readonly push: PushChoice }) {
  const [state, setState] = useState<PushState | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const tellLate = useTellLate();
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
    const chosen = await (isOn ? push.turnOn() : push.turnOff());
    setState(chosen);
    setIsBusy(false);
    tellLate("change", chosen.problem && pushProblemWords(chosen.problem));
  };
  const { isOn = false, problem = null } = state ?? {};
  return (
    <>
      <Switch
        label={t("Tell this device when a reply is ready and nobody looks")}
        hint={
          typeof problem === "string"
            ? pushProblemWords(problem)
            : t("Also where Instep is closed. Only the chat's title is sent.")
        }
        isOn={isOn}
        isDisabled={state === null || isBusy || (typeof problem === "string" && problem !== "no-service")}
        onChange={(chosen) => void choose(chosen)}
      />
      {problem !== null && typeof problem === "object" && (
        <p class="setting-problem" role="alert">
          {t("Not changed. {reason}", { reason: pushProblemWords(problem) })}
        </p>
      )}
    </>
  );
}

function pushProblemWords(problem: PushProblem): string {
  return typeof problem === "string" ? t(WHY_NOT[problem]) : anyFailureText(problem.failed).title;
}

const WHY_NOT = {
  insecure: "Browsers allow this by HTTPS only.",
  "not-installed": "Add Instep to your home screen first: iPhones and iPads allow this there only.",
  unsupported: "This browser can't be told while its page is closed.",
  denied: "Your browser blocks notifications for this page.",
  "no-service": "The browser's push service can't be reached. Try again.",
} as const satisfies Readonly<Record<PushProblem & string, English>>;
