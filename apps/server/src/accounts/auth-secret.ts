/** The secret that what lets people in is hashed with: set, or made once and kept in the data folder [SAFE-3]. */
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Settings } from "../config.ts";

const SECRET_FILE = "auth-secret";
const SECRET_BYTES = 32;

/** `AUTH_SECRET`, or the one in `DATA_DIR`, which is made where there is none. Whoever changes it signs everybody out. */
export function readAuthSecret({ dataDir, authSecret }: Pick<Settings, "dataDir" | "authSecret">): string {
  if (authSecret !== null) return authSecret;
  const path = join(resolve(dataDir), SECRET_FILE);
  const kept = existsSync(path) ? readFileSync(path, "utf8").trim() : "";
  return kept === "" ? makeSecret(path) : kept;
}

/** Under its own name only once it is whole: a crash leaves the old state or the new one. */
function makeSecret(path: string): string {
  const secret = randomBytes(SECRET_BYTES).toString("base64url");
  const partial = `${path}.part`;
  const file = openSync(partial, "w", 0o600);
  writeSync(file, `${secret}\n`);
  fsyncSync(file);
  closeSync(file);
  renameSync(partial, path);
  return secret;
}
