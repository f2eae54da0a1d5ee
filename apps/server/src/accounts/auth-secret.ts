/** The secret that what lets people in is hashed with: set, or made once and kept in the data folder [SAFE-3]. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Settings } from "../config.ts";
import { keepSecret } from "../private-files.ts";

const SECRET_FILE = "auth-secret";
const SECRET_BYTES = 32;

/** `AUTH_SECRET`, or the one in `DATA_DIR`, which is made where there is none. Whoever changes it signs everybody out. */
export function readAuthSecret({ dataDir, authSecret }: Pick<Settings, "dataDir" | "authSecret">): string {
  if (authSecret !== null) return authSecret;
  const path = join(resolve(dataDir), SECRET_FILE);
  const kept = existsSync(path) ? readFileSync(path, "utf8").trim() : "";
  return kept === "" ? makeSecret(path) : kept;
}

function makeSecret(path: string): string {
  const secret = randomBytes(SECRET_BYTES).toString("base64url");
  keepSecret(path, secret);
  return secret;
}
