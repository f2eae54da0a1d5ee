/** Signing in with a passkey: by a button, or as the browser offers it in the field for the address. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { useEnvironment } from "../environment.ts";
import { type Failure, isFailure } from "../sync/device.ts";
import { createPasskeyClient, type PasskeyClient } from "./passkey-client.ts";
import { problemWords } from "./problem-words.ts";
import { useTask } from "../sync/use-task.ts";
import { t } from "../words/words.ts";

export interface PasskeyEntryProps {
  /** What follows for the page; why that could not be had, where it tells. */
  readonly onSignedIn: () => Promise<Failure | null> | undefined;
  /** Another one in tests. */
  readonly passkeys?: PasskeyClient;
}

/** What the browser was given to sign holds for five minutes. */
const RENEWED_EVERY_MS = 240_000;

export function PasskeyEntry({ onSignedIn, ...others }: PasskeyEntryProps) {
  const passkeys = useMemo(() => others.passkeys ?? createPasskeyClient(), [others.passkeys]);
  const [isAvailable, setIsAvailable] = useState(false);
  useEffect(() => void passkeys.isAvailable().then(setIsAvailable), [passkeys]);
  return isAvailable ? <OfferedPasskeys passkeys={passkeys} onSignedIn={onSignedIn} /> : null;
}

function OfferedPasskeys({ passkeys, onSignedIn }: Required<PasskeyEntryProps>) {
  const { after } = useEnvironment();
  const task = useTask();
  const [round, setRound] = useState(0);
  const [refusal, setRefusal] = useState<Failure | null>(null);
  const { isBusy } = task;
  useEffect(() => passkeys.stop, [passkeys]);
  useEffect(() => {
    if (isBusy) return undefined;
    let isOver = false;
    const takeBack = after(RENEWED_EVERY_MS, () => setRound((last) => last + 1));
    const suggest = async () => {
      const outcome = await passkeys.suggest();
      if (isOver) return;
      const failed = isFailure(outcome) ? wasTaken(outcome) && outcome : await onSignedIn();
      if (!failed) return;
      setRefusal(failed);
      setRound((last) => last + 1);
    };
    void suggest();
    return () => {
      isOver = true;
      takeBack();
    };
  }, [passkeys, after, round, isBusy]);
  const press = async () => {
    setRefusal(null);
    await task.run(async () => {
      const outcome = await passkeys.signIn();
      return isFailure(outcome) ? outcome : ((await onSignedIn()) ?? outcome);
    });
  };
  const problem = task.problem ?? refusal;
  return (
    <>
      {problem && <p role="alert">{problemWords(problem)}</p>}
      <button type="button" class="button" aria-disabled={isBusy} onClick={() => void press()}>
        {t("Sign in with a passkey")}
      </button>
    </>
  );
}

/** Whether the server refused one that the person took: whatever else ends a suggestion was nobody's doing. */
function wasTaken({ failed, status }: Failure): boolean {
  return status > 0 && (failed === "passkey_refused" || failed === "address_refused");
}
