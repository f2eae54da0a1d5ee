/** The secret that what lets people in is hashed with: set, or made once and kept in the data folder [SAFE-3]. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { authSecretPath } from "../data-folder/places.ts";
import type { Settings } from "../settings/config.ts";
import { keepSecret } from "../data-folder/private-files.ts";
import { WrongSetting } from "../settings/wrong-setting.ts";
import { hashToken } from "./sessions.ts";

const SECRET_BYTES = 32;
/** What of a secret is kept beside what it has hashed: no token has such a form. */
const MARKED = "the secret of these accounts";
/** One line of 16 characters or more that can be typed. */
const USABLE = /^[!-~]{16,}$/;

/**
 * `AUTH_SECRET`, or the one in `DATA_DIR`, which is made where there is none (`onMade`). Whoever changes it signs everybody out, so one
 * that is there and can't be used is never replaced: throws `WrongSetting`.
 */
export function readAuthSecret(settings: Pick<Settings, "dataDir" | "authSecret">, onMade = (): void => {}): string {
  const standing = standingSecret(settings);
  if (standing !== null) return standing;
  const secret = keepSecret(authSecretPath(settings), randomBytes(SECRET_BYTES).toString("base64url"));
  onMade();
  return secret;
}

/** The same; null where there is none. */
export function standingSecret(settings: Pick<Settings, "dataDir" | "authSecret">): string | null {
  if (settings.authSecret !== null) return settings.authSecret;
  const path = authSecretPath(settings);
  return existsSync(path) ? readKept(path) : null;
}

/** By what the accounts' file knows a secret, which it can't be told from. */
export function markOf(secret: string): string {
  return hashToken(secret, MARKED);
}

function readKept(path: string): string {
  const kept = readLine(path);
  if (kept !== null && USABLE.test(kept)) return kept;
  if (kept === null && statSync(path).isFile()) {
    throw new WrongSetting("AUTH_SECRET", `the one that is kept in "${path}" can't be read; let this user read it`);
  }
  const remedy = "put it back from a backup, set AUTH_SECRET, or remove it, which signs everybody out";
  throw new WrongSetting("AUTH_SECRET", `the one that is kept in "${path}" can't be used; ${remedy}`);
}

function readLine(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return null;
  }
}
