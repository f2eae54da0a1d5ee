/** The account's calls, of which those that change something are heard of where their form is closed by then. */
import type { AccountCalls } from "./account-calls.ts";

/** The same calls; `hear` gets what each that changes something came to. */
export function toldCalls(calls: AccountCalls, hear: (outcome: unknown) => void): AccountCalls {
  const told =
    <Inputs extends readonly unknown[], Outcome>(call: (...inputs: Inputs) => Promise<Outcome>) =>
    async (...inputs: Inputs): Promise<Outcome> => {
      const outcome = await call(...inputs);
      hear(outcome);
      return outcome;
    };
  return {
    ...calls,
    endSession: told(calls.endSession),
    endSessions: told(calls.endSessions),
    makeToken: told(calls.makeToken),
    endToken: told(calls.endToken),
    addPasskey: told(calls.addPasskey),
    renamePasskey: told(calls.renamePasskey),
    removePasskey: told(calls.removePasskey),
    changePassword: told(calls.changePassword),
    erase: told(calls.erase),
  };
}
