/** Passkeys in this browser: makes one, and signs in with one. The library that asks the browser is loaded when it is needed. */
import { t } from "../words/words.ts";
import type { Config, PasskeyCreation, PasskeyRequest, SignedIn } from "@instep/protocol";
import { askServer, type Failure, failure, isFailure, type Result } from "../sync/device.ts";

export interface PasskeyClient {
  /** Whether both this browser and the server can. */
  readonly isAvailable: () => Promise<boolean>;
  /** Asks for one, in a dialog of the browser's. */
  readonly signIn: () => Promise<Result<SignedIn>>;
  /** Lets the browser offer them in the field for the address; waits until one is taken, or something else is asked of it. */
  readonly suggest: () => Promise<Result<SignedIn>>;
  /** Takes back what the browser is being asked. */
  readonly stop: () => void;
}

/** Whether this browser knows of passkeys at all. */
export function knowsPasskeys(): boolean {
  return typeof PublicKeyCredential === "function";
}

/** For one view. A browser answers one question at a time: a newer one takes back the one before it. */
export function createPasskeyClient(): PasskeyClient {
  let newest = 0;

  async function sign(isSuggestion: boolean): Promise<Result<SignedIn>> {
    const own = ++newest;
    const { startAuthentication, browserSupportsWebAuthnAutofill } = await loadLibrary();
    if (isSuggestion && !(await browserSupportsWebAuthnAutofill())) return failure("aborted", "");
    const begun = await askServer<PasskeyRequest>({}, "auth/sign-in/passkey/begin", { method: "POST" });
    if (isFailure(begun)) return begun;
    if (own !== newest) return failure("aborted", "");
    const response = await startAuthentication({
      optionsJSON: begun.options,
      useBrowserAutofill: isSuggestion,
      verifyBrowserAutofillInput: false,
    });
    return askServer<SignedIn>({}, "auth/sign-in/passkey", { method: "POST", body: { response } });
  }

  return {
    async isAvailable() {
      if (!knowsPasskeys()) return false;
      const config = await askServer<Config>({}, "config");
      return !isFailure(config) && config.auth.passkeys === true;
    },
    signIn: () => orFailure(() => sign(false)),
    suggest: () => orFailure(() => sign(true)),
    stop() {
      newest += 1;
      void orFailure(async () => (await loadLibrary()).WebAuthnAbortService.cancelCeremony());
    },
  };
}

/** What the browser made, as the server takes it. */
export function makePasskey({ options }: PasskeyCreation): Promise<Result<object>> {
  return orFailure(async () => (await loadLibrary()).startRegistration({ optionsJSON: options }));
}

const loadLibrary = () => import("@simplewebauthn/browser");

async function orFailure<T>(ask: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await ask();
  } catch (error) {
    return ceremonyFailure(error instanceof Error ? error.name : "");
  }
}

/** What a browser that comes to nothing says, by the name of its error. */
export function ceremonyFailure(name: string): Failure {
  switch (name) {
    // Also where nobody answered, or there is no passkey: browsers don't tell these apart.
    case "AbortError":
    case "NotAllowedError":
      return failure("aborted", "");
    case "InvalidStateError":
      return failure("passkey_refused", t("This device has a passkey for this account already."));
    case "SecurityError":
      return failure(
        "passkeys_unavailable",
        t("This page has another address than the one that the server knows itself by."),
      );
    default:
      return failure("passkey_refused", t("The browser could not use it. Try again, or with another device."));
  }
}
