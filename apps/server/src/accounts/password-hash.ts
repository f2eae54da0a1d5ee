/** Passwords as scrypt hashes, a few at a time: each takes 32 MB and a tenth of a second, so that guessing is dear [SAFE-2]. */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

export interface PasswordHasher {
  /** The hash to store, with its salt and its parameters. Null where too many wait already. */
  readonly hash: (password: string) => Promise<string | null>;
  /** Whether the password is that of the hash; against null it takes as long, and is false. Null where too many wait already. */
  readonly verify: (password: string, stored: string | null) => Promise<boolean | null>;
}

export interface HasherOptions {
  /** The power of two of scrypt's cost. */
  readonly costLog2?: number;
  /** How many are computed at once; the others wait. */
  readonly parallel?: number;
  readonly maxWaiting?: number;
}

/** OWASP's parameters for 32 MB a hash. */
const COST_LOG2 = 15;
const BLOCK_SIZE = 8;
const PARALLELIZATION = 3;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const FORM = /^scrypt:(\d{1,2}):(\d{1,2}):(\d{1,2}):([\w-]+):([\w-]+)$/;

/** Makes the hasher of one program. */
export function createPasswordHasher(options: HasherOptions = {}): PasswordHasher {
  const { costLog2 = COST_LOG2, parallel = 2, maxWaiting = 50 } = options;
  const own: Parameters = { costLog2, blockSize: BLOCK_SIZE, parallelization: PARALLELIZATION };
  const decoy = format(own, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));
  const waiting: (() => void)[] = [];
  let running = 0;

  async function inTurn<T>(work: () => Promise<T>): Promise<T | null> {
    if (running >= parallel) {
      if (waiting.length >= maxWaiting) return null;
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  }

  return {
    hash: (password) =>
      inTurn(async () => {
        const salt = randomBytes(SALT_BYTES);
        return format(own, salt, await derive(password, salt, own));
      }),
    verify: (password, stored) =>
      inTurn(async () => {
        const read = parse(stored ?? decoy);
        if (read === null) throw new Error("A stored password has an unknown form");
        const isEqual = timingSafeEqual(await derive(password, read.salt, read.parameters), read.hash);
        return isEqual && stored !== null;
      }),
  };
}

interface Parameters {
  readonly costLog2: number;
  readonly blockSize: number;
  readonly parallelization: number;
}

/** The same password typed on another keyboard may have its accents in another form. */
function derive(password: string, salt: Buffer, parameters: Parameters): Promise<Buffer> {
  const { costLog2, blockSize, parallelization } = parameters;
  const cost = 2 ** costLog2;
  const maxmem = 256 * cost * blockSize;
  const options = { cost, blockSize, parallelization, maxmem };
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, hash: Buffer) => (error === null ? resolve(hash) : reject(error));
    scrypt(password.normalize("NFKC"), salt, HASH_BYTES, options, done);
  });
}

function format({ costLog2, blockSize, parallelization }: Parameters, salt: Buffer, hash: Buffer): string {
  return `scrypt:${costLog2}:${blockSize}:${parallelization}:${salt.toString("base64url")}:${hash.toString("base64url")}`;
}

function parse(stored: string) {
  const [, costLog2, blockSize, parallelization, salt, hash] = FORM.exec(stored) ?? [];
  if (salt === undefined || hash === undefined) return null;
  const parameters = {
    costLog2: Number(costLog2),
    blockSize: Number(blockSize),
    parallelization: Number(parallelization),
  };
  return { parameters, salt: Buffer.from(salt, "base64url"), hash: Buffer.from(hash, "base64url") };
}
