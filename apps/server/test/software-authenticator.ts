/** An authenticator in software, for tests: real keys, real CBOR, and everything about it that a thief or a broken one may get wrong. */
import type { NewPasskey, PasskeyCreation, PasskeyRequest, PasskeySignIn } from "@instep/protocol";
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** What differs from how it should be. */
export interface Odd {
  readonly origin?: string;
  readonly rpId?: string;
  readonly type?: string;
  readonly challenge?: string;
  readonly userHandle?: string | null;
  readonly isVerified?: boolean;
  readonly isPresent?: boolean;
  readonly crossOrigin?: boolean;
  /** What it signs with; another key than the one that it has made. */
  readonly key?: KeyObject;
  /** What it makes a key for, by its number in COSE; ES256 where it says nothing. */
  readonly algorithm?: number;
}

interface Kept {
  readonly id: string;
  readonly rpId: string;
  readonly userHandle: string;
  readonly privateKey: KeyObject;
}

const PRESENT = 0x01;
const VERIFIED = 0x04;
const ATTESTED = 0x40;

/** COSE's numbers (RFC 9053): algorithms, kinds of keys, curves. */
const [ES256, EDDSA, RS256] = [-7, -8, -257];
const [OKP, EC2, RSA] = [1, 2, 3];
const [P256, ED25519] = [1, 6];

export class SoftwareAuthenticator {
  /** How often it has signed; 0 and never counted where it doesn't count. */
  counter = 1;
  doesCount = true;
  readonly #origin: string;
  readonly #kept: Kept[] = [];

  /** In a browser whose page is of that origin. */
  constructor(origin: string) {
    this.#origin = origin;
  }

  get credentials(): readonly string[] {
    return this.#kept.map(({ id }) => id);
  }

  make({ options }: PasskeyCreation, odd: Odd = {}): NewPasskey["response"] {
    const { privateKey, cose } = newKey(odd.algorithm ?? ES256);
    const id = randomBytes(32);
    const rpId = odd.rpId ?? options.rp.id;
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const attested = Buffer.concat([Buffer.alloc(16), length, id, cbor(cose)]);
    const authData = Buffer.concat([this.#data(rpId, odd, ATTESTED), attested]);
    const attestation = new Map<string, Cbor>([
      ["fmt", "none"],
      ["attStmt", new Map()],
      ["authData", authData],
    ]);
    const credential = id.toString("base64url");
    this.#kept.push({ id: credential, rpId, userHandle: options.user.id, privateKey });
    return {
      id: credential,
      rawId: credential,
      type: "public-key",
      response: {
        clientDataJSON: this.#clientData("webauthn.create", options.challenge, odd).toString("base64url"),
        attestationObject: cbor(attestation).toString("base64url"),
      },
      clientExtensionResults: {},
    };
  }

  /** Signs with the key that it made last for that host. */
  sign({ options }: PasskeyRequest, odd: Odd = {}): PasskeySignIn["response"] {
    const kept = this.#kept.findLast(({ rpId }) => rpId === options.rpId);
    if (kept === undefined) throw new Error(`nothing is kept for ${options.rpId}`);
    if (this.doesCount) this.counter += 1;
    const clientData = this.#clientData("webauthn.get", options.challenge, odd);
    const data = this.#data(odd.rpId ?? kept.rpId, odd, 0);
    const signed = Buffer.concat([data, sha256(clientData)]);
    const userHandle = odd.userHandle === undefined ? kept.userHandle : odd.userHandle;
    return {
      id: kept.id,
      rawId: kept.id,
      type: "public-key",
      response: {
        clientDataJSON: clientData.toString("base64url"),
        authenticatorData: data.toString("base64url"),
        signature: signatureOf(signed, odd.key ?? kept.privateKey).toString("base64url"),
        ...(userHandle !== null && { userHandle }),
      },
      clientExtensionResults: {},
    };
  }

  #data(rpId: string, { isPresent = true, isVerified = true }: Odd, more: number): Buffer {
    const flags = more | (isPresent ? PRESENT : 0) | (isVerified ? VERIFIED : 0);
    const tail = Buffer.alloc(5);
    tail.writeUInt8(flags);
    tail.writeUInt32BE(this.doesCount ? this.counter : 0, 1);
    return Buffer.concat([sha256(Buffer.from(rpId)), tail]);
  }

  #clientData(type: string, challenge: string, odd: Odd): Buffer {
    const { crossOrigin = false } = odd;
    const origin = odd.origin ?? this.#origin;
    return Buffer.from(
      JSON.stringify({ type: odd.type ?? type, challenge: odd.challenge ?? challenge, origin, crossOrigin }),
    );
  }
}

/** A key and how it tells its public half: of the family of its algorithm, or of elliptic curves where that is none of these. */
function newKey(algorithm: number): { readonly privateKey: KeyObject; readonly cose: Map<number, Cbor> } {
  const member = (text = "") => Buffer.from(text, "base64url");
  if (algorithm === EDDSA) {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const { x } = publicKey.export({ format: "jwk" });
    return {
      privateKey,
      cose: coseOf(OKP, algorithm, [
        [-1, ED25519],
        [-2, member(x)],
      ]),
    };
  }
  if (algorithm === RS256) {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const { n, e } = publicKey.export({ format: "jwk" });
    return {
      privateKey,
      cose: coseOf(RSA, algorithm, [
        [-1, member(n)],
        [-2, member(e)],
      ]),
    };
  }
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x, y } = publicKey.export({ format: "jwk" });
  return {
    privateKey,
    cose: coseOf(EC2, algorithm, [
      [-1, P256],
      [-2, member(x)],
      [-3, member(y)],
    ]),
  };
}

function coseOf(type: number, algorithm: number, members: readonly (readonly [number, Cbor])[]): Map<number, Cbor> {
  return new Map<number, Cbor>([[1, type], [3, algorithm], ...members]);
}

/** An Ed25519 key has its hash in it. */
function signatureOf(signed: Buffer, key: KeyObject): Buffer {
  return sign(key.asymmetricKeyType === "ed25519" ? null : "sha256", signed, key);
}

function sha256(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}

type Cbor = number | string | Buffer | Map<number, Cbor> | Map<string, Cbor>;

/** As much of CBOR as an authenticator writes. */
function cbor(value: Cbor): Buffer {
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, member]) => [cbor(key), cbor(member)])]);
}

function head(major: number, n: number): Buffer {
  if (n < 24) return Buffer.from([(major << 5) | n]);
  if (n < 256) return Buffer.from([(major << 5) | 24, n]);
  return Buffer.from([(major << 5) | 25, n >> 8, n & 255]);
}
