/** New passwords: by whoever knows the present one, or with what an administrator handed out. Either ends what the old one let in. */
import type { ChangePassword, ResetPassword } from "@instep/protocol";
import type { Refusal } from "@instep/sync-server";
import { attempting, attemptOf } from "./attempt-limiter.ts";
import { SIGN_IN_IS_BUSY, type SignInOptions } from "./sign-in.ts";
import type { Access } from "./storage/account-store.ts";
import { faultOfPassword, mayBePassword } from "./password-rules.ts";

export interface Passwords {
  /** Ends every other session, and every token, of the person; passkeys stay. Null: it is changed. */
  change(access: Access, asked: ChangePassword, source: string): Promise<Refusal | null>;
  /** Ends every session and every token of the person. Null: it is set. */
  reset(asked: ResetPassword, source: string): Promise<Refusal | null>;
  /** Whether it is the person's; a refusal where it isn't, or can't be told. */
  check(access: Access, password: string, source: string): Promise<Refusal | null>;
  /** As `check`, but whoever has signed in just now need not say it. */
  confirm(access: Access, password: string | undefined, source: string): Promise<Refusal | null>;
}

/** Who has no password shows who he is by having signed in just now. */
const FRESH_MS = 600_000;

type PasswordOptions = Pick<SignInOptions, "store" | "sessions" | "hasher" | "limiter" | "now">;

/** Makes the rules of changing passwords. */
export function createPasswords({ store, sessions, hasher, limiter, now }: PasswordOptions): Passwords {
  async function check(access: Access, password: string, source: string): Promise<Refusal | null> {
    const { personId } = access;
    const person = store.person(personId);
    if (person === null) return { refused: "unauthorized" };
    if (person.password === null) return refuseStale(access);
    const attempt = { address: person.email, source };
    return attempting<Refusal | null>(limiter, attempt, async () => {
      const isRight = mayBePassword(password) && (await hasher.verify(password, person.password));
      if (isRight === null) return SIGN_IN_IS_BUSY;
      if (hasLostAccess(access)) return { refused: "unauthorized" };
      const isPresent = store.person(personId)?.password === person.password;
      if (!isRight || !isPresent) return { refused: "sign_in_refused", detail: "The present password is not right." };
      limiter.forgive(attempt);
      return null;
    });
  }

  function refuseStale({ createdAt }: Access): Refusal | null {
    const ageMs = now() - createdAt;
    // One from the future comes of a clock that was put back, and would be fresh long after.
    return ageMs >= 0 && ageMs < FRESH_MS ? null : { refused: "sign_in_again" };
  }

  /** Asked after every hash, which takes long enough for the owner to end a session that isn't his. */
  function hasLostAccess({ id }: Access): boolean {
    return !store.hasAccess(id);
  }

  return {
    check,
    async confirm(access, password, source) {
      if (password !== undefined) return check(access, password, source);
      return refuseStale(access);
    },
    async change(access, { current_password: current, new_password: chosen }, source) {
      const refusal = faultOfPassword(chosen, "new_password") ?? (await check(access, current, source));
      if (refusal !== null) return refusal;
      const hash = await hasher.hash(chosen);
      if (hash === null) return SIGN_IN_IS_BUSY;
      if (hasLostAccess(access)) return { refused: "unauthorized" };
      store.changePassword(access.personId, hash, access.id);
      sessions.recheck(access.personId);
      return null;
    },
    async reset({ token, password }, source) {
      const fault = faultOfPassword(password, "password");
      if (fault !== null) return fault;
      const attempt = attemptOf(source);
      return attempting<Refusal | null>(limiter, attempt, async () => {
        // Before the permission is used up, so that it isn't lost where too many wait.
        const hash = await hasher.hash(password);
        if (hash === null) return SIGN_IN_IS_BUSY;
        const personId = store.takeReset(sessions.hashOf(token), now());
        if (personId === null) return { refused: "reset_refused" };
        store.changePassword(personId, hash, null);
        store.noteProven(personId);
        sessions.recheck(personId);
        limiter.forgive(attempt);
        return null;
      });
    },
  };
}
