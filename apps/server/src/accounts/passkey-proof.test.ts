/** Which keys are taken, and that those that are taken sign in: what the library proves, and within what it is held to. */
import type { AccountId, PasskeyCreation } from "@instep/protocol";
import { expect, test } from "vitest";
import { SoftwareAuthenticator } from "../../test/software-authenticator.ts";
import { ALGORITHMS, provenCounter, provenKey } from "./passkey-proof.ts";

const PARTY = { id: "chat.example", origin: "https://chat.example" };
const EXPECTED = { party: PARTY, takeChallenge: () => true };
const CHALLENGE = Buffer.from("a challenge").toString("base64url");
const USER = Buffer.from("ann").toString("base64url");

/** All of COSE's numbers for signatures that some authenticator or library has. */
const KNOWN: Readonly<Record<string, number>> = {
  ES256: -7,
  EdDSA: -8,
  RS256: -257,
  ES384: -35,
  ES512: -36,
  PS256: -37,
  PS384: -38,
  PS512: -39,
  ES256K: -47,
  "ML-DSA-44": -48,
  "ML-DSA-65": -49,
  RS384: -258,
  RS512: -259,
  "RS1, which is SHA-1": -65_535,
};
const TAKEN: ReadonlySet<string> = new Set(["ES256", "EdDSA", "RS256"]);

function make(authenticator: SoftwareAuthenticator, algorithm: number) {
  const options: PasskeyCreation["options"] = {
    challenge: CHALLENGE,
    rp: { id: PARTY.id, name: "" },
    user: { id: USER, name: "", displayName: "" },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
    timeout: 1,
    attestation: "none",
    excludeCredentials: [],
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
  };
  return authenticator.make({ options }, { algorithm });
}

test.each(Object.entries(KNOWN))(
  "[SIGN-11] a key for %s is made and signs in where browsers are asked for one, and is refused otherwise, whatever the authenticator thinks",
  async (name, algorithm) => {
    const isTaken = TAKEN.has(name);
    expect(ALGORITHMS.includes(algorithm)).toBe(isTaken);
    const authenticator = new SoftwareAuthenticator(PARTY.origin);
    const made = provenKey(make(authenticator, algorithm), EXPECTED);
    if (!isTaken) return expect(made).rejects.toThrow(`Unexpected public key alg "${algorithm}"`);
    const key = await made;
    const options = { challenge: CHALLENGE, rpId: PARTY.id, timeout: 1, userVerification: "required" } as const;
    const known = { id: "key", personId: "ann" as AccountId, name: "", host: PARTY.id, createdAt: 1, usedAt: null };
    const passkey = { ...key, ...known, userHandle: USER };
    expect(await provenCounter(authenticator.sign({ options }), passkey, EXPECTED)).toBe(key.counter + 1);
    const anothers = new SoftwareAuthenticator(PARTY.origin);
    make(anothers, algorithm);
    const response = { ...anothers.sign({ options }), id: key.credential, rawId: key.credential };
    await expect(provenCounter(response, passkey, EXPECTED)).rejects.toThrow("the signature is not right");
    return undefined;
  },
);
