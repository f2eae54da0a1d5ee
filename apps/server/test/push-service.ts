/** A push service for tests: checks what it is shown as a real one does, and reads what is sent as the browser would. */
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomUUID, verify, type ECDH } from "node:crypto";
import { EventEmitter, once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { selfSigned } from "./self-signed.ts";

export interface Pushed {
  readonly path: string;
  readonly text: string;
  readonly topic: string;
}

export interface TestBrowser {
  readonly subscription: {
    readonly endpoint: string;
    readonly keys: { readonly p256dh: string; readonly auth: string };
  };
}

export interface PushService {
  /** What has come, readable. */
  readonly pushed: readonly Pushed[];
  /** What is wrong with what came, in order. */
  readonly faults: readonly string[];
  /** How many requests came. */
  readonly asked: number;
  /** What programs are given so that they send here. */
  readonly ports: { readonly isOpen: () => boolean; readonly ca: string; readonly retryMs: number };
  /** A browser that subscribes here. */
  subscribe(): TestBrowser["subscription"];
  /** What is answered from here on, first to last and then 201; "hang" answers never. */
  answerWith(...statuses: readonly (number | "hang")[]): void;
  /** Resolves when so many requests have come. */
  until(asked: number): Promise<void>;
  stop(): void;
}

/** Opens a sealed text with the browser's own key. Throws where it was not meant for it. */
export function openPushed(sealed: Buffer, own: ECDH, auth: Buffer): string {
  const salt = sealed.subarray(0, 16);
  const keyLength = sealed.readUInt8(20);
  const theirs = sealed.subarray(21, 21 + keyLength);
  const record = sealed.subarray(21 + keyLength);
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), own.getPublicKey(), theirs]);
  const shared = hkdfSync("sha256", own.computeSecret(theirs), auth, info, 32);
  const derive = (name: string, length: number) =>
    Buffer.from(hkdfSync("sha256", Buffer.from(shared), salt, Buffer.from(`Content-Encoding: ${name}\0`), length));
  const decipher = createDecipheriv("aes-128-gcm", derive("aes128gcm", 16), derive("nonce", 12));
  decipher.setAuthTag(record.subarray(-16));
  const text = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  const end = text.lastIndexOf(2);
  if (end < 0 || text.subarray(end + 1).some((byte) => byte !== 0)) throw new Error("the record has no end");
  return text.subarray(0, end).toString();
}

/** Starts one on this machine; `publicKey` is what the browsers have subscribed with. */
export async function startPushService(publicKey: () => string): Promise<PushService> {
  const { cert, key } = selfSigned(7);
  const keysByPath = new Map<string, { readonly own: ECDH; readonly auth: Buffer }>();
  const pushed: Pushed[] = [];
  const faults: string[] = [];
  const answers: (number | "hang")[] = [];
  let asked = 0;
  const comings = new EventEmitter();
  const server = createServer({ cert, key }, (request, response) => {
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    asked += 1;
    const status = answers.shift() ?? 201;
    if (status !== "hang") response.writeHead(status, { location: "https://localhost/elsewhere" }).end("x".repeat(9));
    if (status === 201) take(request, body);
    comings.emit("asked");
  }
  server.listen(0, "localhost");
  await once(server, "listening");
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`;

  function take({ url = "", headers }: IncomingMessage, body: Buffer): void {
    const fault = vapidFault(String(headers.authorization), { origin, publicKey: publicKey() });
    if (fault !== null) faults.push(fault);
    if (headers["content-encoding"] !== "aes128gcm" || !(Number(headers["ttl"]) > 0)) faults.push("headers");
    const keys = keysByPath.get(url);
    if (keys === undefined) return void faults.push("nobody's");
    pushed.push({ path: url, text: openPushed(body, keys.own, keys.auth), topic: String(headers["topic"]) });
  }

  return {
    pushed,
    faults,
    ports: { isOpen: () => true, ca: cert, retryMs: 20 },
    get asked() {
      return asked;
    },
    subscribe() {
      const own = createECDH("prime256v1");
      own.generateKeys();
      const auth = Buffer.from(randomUUID().replaceAll("-", ""), "hex");
      const path = `/push/${randomUUID()}`;
      keysByPath.set(path, { own, auth });
      const keys = { p256dh: own.getPublicKey("base64url"), auth: auth.toString("base64url") };
      return { endpoint: origin + path, keys };
    },
    answerWith: (...statuses) => void answers.push(...statuses),
    async until(count) {
      const isEnough = () => asked >= count;
      while (!isEnough()) await once(comings, "asked");
    },
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

interface Expected {
  readonly origin: string;
  readonly publicKey: string;
}

/** What a push service would refuse the header for (RFC 8292). */
function vapidFault(header: string, { origin, publicKey }: Expected): string | null {
  const [, token = "", key = ""] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(header) ?? [];
  const [head = "", claims = "", signature = ""] = token.split(".");
  if (key !== publicKey) return "another key";
  const point = Buffer.from(key, "base64url");
  const [x, y] = [point.subarray(1, 33).toString("base64url"), point.subarray(33).toString("base64url")];
  const publicJwk = createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  const signed = Buffer.from(`${head}.${claims}`);
  const options = { key: publicJwk, dsaEncoding: "ieee-p1363" } as const;
  if (!verify("sha256", signed, options, Buffer.from(signature, "base64url"))) return "not signed";
  const { alg } = JSON.parse(Buffer.from(head, "base64url").toString()) as { alg?: unknown };
  const said = JSON.parse(Buffer.from(claims, "base64url").toString()) as {
    aud?: unknown;
    exp?: unknown;
    sub?: unknown;
  };
  const inS = Number(said.exp) - Date.now() / 1000;
  if (alg !== "ES256" || said.aud !== origin) return "for another";
  if (!(inS > 0 && inS <= 86_400)) return "not in time";
  return /^(mailto:.+@|https:\/\/)/.test(String(said.sub)) ? null : "from nobody";
}
