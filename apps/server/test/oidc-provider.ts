/** A real OpenID provider on this machine, with people as a test describes them. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Configuration, Provider } from "oidc-provider";

/** What the provider says of somebody, by the login that is typed there. */
export type ProvidersPeople = Record<string, { email?: string; email_verified?: boolean; name?: string }>;

export interface TestProvider {
  readonly issuer: string;
  /** What a program has to be told of it. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export interface ProviderOptions {
  readonly people: ProvidersPeople;
  /** Where it may send browsers back to: asked with every request, since the program starts later. */
  readonly returnTo: () => string;
  readonly secret?: string;
  readonly authentication?: "client_secret_basic" | "client_secret_post";
}

const CLIENT_ID = "instep";
const SECRET = "a secret between the two";

/** Starts it on a free port of `localhost`, which is another site than `127.0.0.1`. */
export async function startOidcProvider({ people, returnTo, ...options }: ProviderOptions): Promise<TestProvider> {
  const { secret = SECRET.replaceAll(" ", "-"), authentication = "client_secret_basic" } = options;
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const configuration: Configuration = {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: secret,
        redirect_uris: ["http://127.0.0.1/unused"],
        token_endpoint_auth_method: authentication,
      },
    ],
    clientAuthMethods: [authentication],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    pkce: { required: () => true },
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    cookies: { keys: ["a key of the test's"] },
    findAccount: (_context, login) => ({ accountId: login, claims: () => ({ sub: login, ...people[login] }) }),
  };
  const provider = quietly(() => new Provider(issuer, configuration));
  // Its list stands before the program under test has a port.
  const isKnown = (uri: string): boolean => uri === `${returnTo()}/auth/callback`;
  Object.assign(provider.Client.prototype, { redirectUriAllowed: isKnown });
  const handle = provider.callback();
  return {
    issuer,
    env: { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: CLIENT_ID, OIDC_CLIENT_SECRET: secret, OIDC_NAME: "Test ID" },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** It warns of being what it is here: a provider for a test. */
function quietly<T>(make: () => T): T {
  const { info, warn } = console;
  Object.assign(console, { info: () => undefined, warn: () => undefined });
  try {
    return make();
  } finally {
    Object.assign(console, { info, warn });
  }
}
