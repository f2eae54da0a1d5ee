/** The settings of sign-in with another provider: all that it needs, or none of it. */
import { isLoopbackName } from "../loopback.ts";
import type { SettingReader } from "../settings/setting-reader.ts";

/** An OpenID provider, and what this program is to it. */
export interface OidcSettings {
  /** As the provider writes it, a slash at its end included. */
  readonly issuer: string;
  readonly clientId: string;
  /** Null: a public client, which PKCE protects. */
  readonly clientSecret: string | null;
  /** What the button calls it. */
  readonly name: string;
}

const WELL_KNOWN = /\/\.well-known\/openid-configuration\/?$/;
const MAX_NAME_LENGTH = 60;

/** Null where there is none. `hasSignIn`: whether people sign in at all. */
export function readOidc(read: SettingReader, hasSignIn: boolean): OidcSettings | null {
  const issuer = read.text("OIDC_ISSUER")?.replace(WELL_KNOWN, "") ?? null;
  const clientId = read.text("OIDC_CLIENT_ID");
  const clientSecret = read.secret("OIDC_CLIENT_SECRET");
  const name = read.text("OIDC_NAME");
  if (issuer === null) {
    for (const [other, value] of Object.entries({
      OIDC_CLIENT_ID: clientId,
      OIDC_CLIENT_SECRET: clientSecret,
      OIDC_NAME: name,
    })) {
      if (value !== null) read.refuse("OIDC_ISSUER", `it is needed with ${other}`);
    }
    return null;
  }
  const url = URL.parse(issuer);
  if (url === null || !isTrustworthy(url)) {
    read.refuse("OIDC_ISSUER", "it has to be the https address that the provider calls its issuer, without query");
    return null;
  }
  if (!hasSignIn) read.refuse("OIDC_ISSUER", "ALLOWED_EMAILS is needed with it: it says who may sign in");
  if (clientId === null) read.refuse("OIDC_CLIENT_ID", "it is needed with OIDC_ISSUER");
  if (name !== null && name.length > MAX_NAME_LENGTH) {
    read.refuse("OIDC_NAME", `${MAX_NAME_LENGTH} characters at most`);
  }
  return { issuer, clientId: clientId ?? "", clientSecret, name: name ?? url.host };
}

/** What a provider says without HTTPS, anybody on the way could have said; on the same machine nobody is on the way. */
function isTrustworthy({ protocol, hostname, username, password, search, hash }: URL): boolean {
  const isPlain = username === "" && password === "" && search === "" && hash === "";
  return isPlain && (protocol === "https:" || (protocol === "http:" && isLoopbackName(hostname)));
}
