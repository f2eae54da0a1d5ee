/** A provider as an attacker would be one: it says whatever a test has it say. */
import { createHash, createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What the next ID token says, over what a good one would. */
export interface Forgery {
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Signed by a key that the provider has not told of, or not at all. */
  readonly signature?: "foreign" | "none";
  /** Leaves the ID token out of its answer. */
  readonly isWithoutToken?: boolean;
  /** What it says to whoever asks with the access token. */
  readonly userInfo?: Readonly<Record<string, unknown>>;
  /** Answers nothing, for as long as somebody waits. */
  readonly hangs?: boolean;
}

export interface ForgedProvider {
  readonly issuer: string;
  /** Decides what is said from now on. */
  say(forgery: Forgery): void;
  /** What it was asked for tokens with, in order. */
  readonly grants: readonly URLSearchParams[];
  /** Where a browser would be led back to from that address. */
  backFrom(url: string): string;
  stop(): Promise<void>;
}

const GOOD = { sub: "ann", email: "ann@example.com", email_verified: true };

export async function startForgedProvider(): Promise<ForgedProvider> {
  const own = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const foreign = generateKeyPairSync("rsa", { modulusLength: 2048 });
  let forgery: Forgery = {};
  let nonce = "";
  let issuer = "";
  const grants: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    if (forgery.hangs !== true) void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = "" } = request;
    const body = await text(request);
    if (url === "/token") grants.push(new URLSearchParams(body));
    const documents: Readonly<Record<string, () => object>> = {
      "/.well-known/openid-configuration": () => ({
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        userinfo_endpoint: `${issuer}/userinfo`,
        id_token_signing_alg_values_supported: ["RS256"],
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
      }),
      "/keys": () => ({ keys: [{ ...own.publicKey.export({ format: "jwk" }), kid: "own", use: "sig", alg: "RS256" }] }),
      "/token": () => ({ access_token: "x", token_type: "Bearer", expires_in: 60, ...idTokenOrNone() }),
      "/userinfo": () => forgery.userInfo ?? {},
    };
    const document = documents[url]?.();
    response.writeHead(document ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(document ?? {}));
  }

  function idTokenOrNone(): object {
    return forgery.isWithoutToken === true ? {} : { id_token: idToken() };
  }

  function idToken(): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, aud: "instep", iat: now, exp: now + 60, nonce, ...GOOD, ...forgery.claims };
    if (forgery.signature === "none") return `${part({ alg: "none" })}.${part(claims)}.`;
    return signed(claims, forgery.signature === "foreign" ? foreign.privateKey : own.privateKey);
  }

  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    say: (next) => (forgery = next),
    grants,
    backFrom(url) {
      const { searchParams } = new URL(url);
      nonce = searchParams.get("nonce") ?? "";
      const code = createHash("sha256").update(url).digest("hex");
      const query = new URLSearchParams({ code, state: searchParams.get("state") ?? "" });
      return `${searchParams.get("redirect_uri") ?? ""}?${query.toString()}`;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function signed(claims: object, key: KeyObject): string {
  const said = `${part({ alg: "RS256", kid: "own" })}.${part(claims)}`;
  return `${said}.${createSign("RSA-SHA256").update(said).sign(key, "base64url")}`;
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
