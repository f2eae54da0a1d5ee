/** What an authenticator made or signed, checked by the library: the only file that knows it, loaded before anybody is answered. */
import type { NewPasskey, PasskeySignIn } from "@instep/protocol";
import { verifyAuthenticationResponse, verifyRegistrationResponse } from "@simplewebauthn/server";
import type { RelyingParty } from "./relying-party.ts";
import type { StoredPasskey } from "./storage/account-store.ts";

/** ES256, EdDSA and RS256: what authenticators have. */
export const ALGORITHMS: readonly number[] = [-7, -8, -257];

export interface Expected {
  readonly party: RelyingParty;
  /** Uses the challenge up; false where it is not good. */
  readonly takeChallenge: (challenge: string) => boolean;
}

export interface ProvenKey {
  readonly credential: string;
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly counter: number;
}

/** The key that was made. Rejects where anything of it is not as it was asked for. */
export async function provenKey(response: NewPasskey["response"], expected: Expected): Promise<ProvenKey> {
  refuseFrames(response);
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: { ...response, response: { ...response.response } },
    expectedChallenge: expected.takeChallenge,
    expectedOrigin: expected.party.origin,
    expectedRPID: expected.party.id,
    requireUserVerification: true,
    supportedAlgorithmIDs: [...ALGORITHMS],
  });
  if (!verified) throw new Error("the attestation is not right");
  const { id, publicKey, counter } = registrationInfo.credential;
  return { credential: id, publicKey, counter };
}

/** The count of its uses that a passkey has signed for. Rejects where it has not signed what it was asked to. */
export async function provenCounter(
  response: PasskeySignIn["response"],
  { credential, publicKey, counter, userHandle }: StoredPasskey,
  expected: Expected,
): Promise<number> {
  refuseFrames(response);
  if (response.response.userHandle !== userHandle) throw new Error("it signed for another person");
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: { ...response, response: { ...response.response } },
    expectedChallenge: expected.takeChallenge,
    expectedOrigin: expected.party.origin,
    expectedRPID: expected.party.id,
    credential: { id: credential, publicKey, counter },
    requireUserVerification: true,
  });
  if (!verified) throw new Error("the signature is not right");
  return authenticationInfo.newCounter;
}

/** The page is never in a frame; the library lets one of another site pass where the browser doesn't name that. */
function refuseFrames({ response: { clientDataJSON } }: NewPasskey["response"] | PasskeySignIn["response"]): void {
  const data: unknown = JSON.parse(Buffer.from(clientDataJSON, "base64url").toString());
  const isFramed = typeof data === "object" && data !== null && "crossOrigin" in data && data.crossOrigin === true;
  if (isFramed) throw new Error("it was asked in a frame of another site");
}
