/** The button with which one signs in with another provider, where one is set up. */
import type { OidcBegun } from "@instep/protocol";
import { useEffect, useState } from "preact/hooks";
import type { Result } from "../sync/device.ts";
import { beginWithProvider, providerName } from "./enter-account.ts";
import { problemWords } from "./problem-words.ts";
import { useTask } from "../sync/use-task.ts";
import { t } from "../words/words.ts";

export interface ProviderEntryProps {
  /** Other ones in tests. */
  readonly findName?: () => Promise<string | null>;
  readonly begin?: () => Promise<Result<OidcBegun>>;
  readonly go?: (url: string) => void;
}

export function ProviderEntry(props: ProviderEntryProps) {
  const { findName = providerName, begin = beginWithProvider, go = goTo } = props;
  const [name, setName] = useState<string | null>(null);
  const task = useTask();
  useEffect(() => void findName().then(setName), [findName]);
  const leave = async () => {
    const begun = await task.run(begin);
    if (begun !== null) go(begun.url);
  };
  if (name === null) return null;
  return (
    <>
      <p class="sign-in-or">{t("or")}</p>
      {task.problem && <p role="alert">{problemWords(task.problem)}</p>}
      <button type="button" class="button" aria-disabled={task.isBusy} onClick={() => void leave()}>
        {t("Sign in with {provider}", { provider: name })}
      </button>
    </>
  );
}

function goTo(url: string): void {
  location.assign(url);
}
