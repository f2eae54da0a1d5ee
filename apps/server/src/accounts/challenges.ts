/** Challenges for passkeys: each shows by itself for what and until when it was given, and answers once. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { hashToken } from "./sessions.ts";
import type { AccountStore } from "./storage/account-store.ts";

export interface Challenges {
  /** A new one, for this use alone: what is done with it, and by whose browser. */
  issue(use: string): string;
  /** Uses it up; false where it was not given for this use, is too old, or was used. */
  spend(challenge: string, use: string): boolean;
}

export interface ChallengeOptions {
  readonly store: Pick<AccountStore, "spendChallenge">;
  readonly secret: string;
  /** Milliseconds. */
  readonly now: () => number;
}

/** As long as a person may take over it. */
export const CHALLENGE_LIFE_MS = 300_000;
const NONCE_BYTES = 16;
const TIME_BYTES = 6;
const SEAL_BYTES = 32;

/** Makes them; only those that were used are kept, so that a stranger who asks for many costs no room. */
export function createChallenges({ store, secret, now }: ChallengeOptions): Challenges {
  const sealOf = (head: Buffer, use: string): Buffer =>
    createHmac("sha256", secret).update(`passkey challenge, ${use}, `).update(head).digest();

  return {
    issue(use) {
      const until = Buffer.alloc(TIME_BYTES);
      until.writeUIntBE(now() + CHALLENGE_LIFE_MS, 0, TIME_BYTES);
      const head = Buffer.concat([randomBytes(NONCE_BYTES), until]);
      return Buffer.concat([head, sealOf(head, use)]).toString("base64url");
    },
    spend(challenge, use) {
      const bytes = Buffer.from(challenge, "base64url");
      if (bytes.length !== NONCE_BYTES + TIME_BYTES + SEAL_BYTES) return false;
      const head = bytes.subarray(0, -SEAL_BYTES);
      if (!timingSafeEqual(bytes.subarray(-SEAL_BYTES), sealOf(head, use))) return false;
      const until = head.readUIntBE(NONCE_BYTES, TIME_BYTES);
      const left = until - now();
      // One from the future comes of a clock that was put back, and might be used long after.
      if (left <= 0 || left > CHALLENGE_LIFE_MS) return false;
      // Known for longer than it holds, by any clock that it could hold by again.
      return store.spendChallenge(hashToken(secret, head.toString("base64url")), until + CHALLENGE_LIFE_MS, now());
    },
  };
}
