/** An OpenID provider: where a browser is sent to, and who comes back from there. Discovery, PKCE, state and nonce are the library's. */
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import type { OidcSettings } from "./oidc-settings.ts";

/** What the way back is checked against; the browser keeps it meanwhile. */
export interface OidcFlow {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Who the provider says that it is. */
export interface OidcIdentity {
  readonly issuer: string;
  /** Never changes, and is nobody else's at this issuer. */
  readonly subject: string;
  readonly email: string | null;
  /** Whether the provider has made sure that the address is theirs. */
  readonly isEmailVerified: boolean;
  readonly name: string | null;
}

export interface OidcClient {
  /** Rejects where the provider can't be asked. */
  begin(redirectUri: string): Promise<{ readonly url: string; readonly flow: OidcFlow }>;
  /** Takes the address that the browser came back to. Rejects where it is refused, forged or used already, or nobody answers. */
  finish(address: URL, flow: OidcFlow): Promise<OidcIdentity>;
}

export interface OidcClock {
  /** Milliseconds of a clock that nobody sets. */
  readonly elapsed: () => number;
  /** How long the provider may take for an answer; less than usual for tests only. */
  readonly timeoutS?: number;
}

const SCOPE = "openid email profile";
const TIMEOUT_S = 10;
/** So long what a provider said of itself is believed. */
const KNOWN_MS = 3_600_000;
/** A provider that doesn't answer is not asked by every press of a button. */
const PAUSE_MS = 2000;

interface Discovered {
  readonly configuration: Promise<Configuration>;
  readonly until: number;
}

/** Asks nothing until somebody signs in: a provider that is away keeps nothing from starting. */
export function createOidcClient(settings: OidcSettings, { elapsed, timeoutS = TIMEOUT_S }: OidcClock): OidcClient {
  let discovered: Discovered | null = null;

  function configuration(): Promise<Configuration> {
    if (discovered !== null && elapsed() < discovered.until) return discovered.configuration;
    const asked: Discovered = { configuration: discover(settings, timeoutS), until: elapsed() + KNOWN_MS };
    discovered = asked;
    asked.configuration.catch(() => {
      discovered = { ...asked, until: elapsed() + PAUSE_MS };
    });
    return asked.configuration;
  }

  return {
    async begin(redirectUri) {
      const provider = await configuration();
      const flow: OidcFlow = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
      const url = buildAuthorizationUrl(provider, {
        redirect_uri: redirectUri,
        scope: SCOPE,
        state: flow.state,
        nonce: flow.nonce,
        code_challenge: await calculatePKCECodeChallenge(flow.verifier),
        code_challenge_method: "S256",
      });
      return { url: url.href, flow };
    },
    async finish(address, { state, nonce, verifier }) {
      const provider = await configuration();
      const tokens = await authorizationCodeGrant(provider, address, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new Error("the provider sent no ID token");
      const { sub } = claims;
      // Many providers tell the address only where they are asked for it.
      const said = "email" in claims ? claims : await fetchUserInfo(provider, tokens.access_token, sub);
      return { issuer: claims.iss, subject: sub, ...described(said) };
    },
  };
}

function discover({ issuer, clientId, clientSecret }: OidcSettings, timeout: number): Promise<Configuration> {
  const server = new URL(issuer);
  const execute = [enableNonRepudiationChecks, ...(server.protocol === "http:" ? [allowInsecureRequests] : [])];
  return discovery(server, clientId, undefined, authenticationOf(clientSecret), { execute, timeout });
}

/** By header, as every provider has to take it, unless it names only the other way. */
function authenticationOf(secret: string | null): ReturnType<typeof None> {
  if (secret === null) return None();
  const [basic, post] = [ClientSecretBasic(secret), ClientSecretPost(secret)];
  return (...asked) => {
    const methods = asked[0].token_endpoint_auth_methods_supported;
    const isBasic = methods === undefined || methods.includes("client_secret_basic");
    return (isBasic ? basic : post)(...asked);
  };
}

type Described = Omit<OidcIdentity, "issuer" | "subject">;

function described(claims: Readonly<Record<string, unknown>>): Described {
  const { email, email_verified: verified, name } = claims;
  return {
    email: typeof email === "string" ? email : null,
    // Some send it as text.
    isEmailVerified: verified === true || verified === "true",
    name: typeof name === "string" ? name : null,
  };
}
