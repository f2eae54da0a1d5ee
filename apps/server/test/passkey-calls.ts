/** What a page does with passkeys, for tests: the calls, with an authenticator in software in the browser's place. */
import type { NewPasskey, Passkey, PasskeyCreation, PasskeyList, PasskeyRequest, SignedIn } from "@instep/protocol";
import { type Answer, type Client, createClient } from "./client.ts";
import { cookieOf } from "./people.ts";
import type { Odd, SoftwareAuthenticator } from "./software-authenticator.ts";

/** Where people reach the server: what passkeys are bound to. */
export const PUBLIC_URL = "https://chat.example";
export const HOST = "chat.example";

export async function begin(someone: Client, body: object = {}): Promise<PasskeyCreation> {
  const answer = await someone.call<PasskeyCreation>("/api/passkeys/begin", { body });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body;
}

export function finish(
  someone: Client,
  response: NewPasskey["response"],
  name = "Laptop",
): Promise<Answer<Passkey & { readonly code?: string }>> {
  return someone.call("/api/passkeys", { body: { name, response } });
}

/** Makes one as it should be. */
export async function add(someone: Client, authenticator: SoftwareAuthenticator, name?: string): Promise<Passkey> {
  const { status, text, body } = await finish(someone, authenticator.make(await begin(someone)), name);
  if (status !== 201) throw new Error(text);
  return body;
}

export async function passkeysOf(someone: Client): Promise<PasskeyList["passkeys"]> {
  return (await someone.call<PasskeyList>("/api/passkeys")).body.passkeys;
}

/** A browser that nobody is signed in at. */
export class SignedOutBrowser {
  readonly #url: string;
  #cookie: string;

  constructor(url: string, cookie = "") {
    this.#url = url;
    this.#cookie = cookie;
  }

  /** What it keeps while a sign-in is under way. */
  get cookie(): string {
    return this.#cookie;
  }

  async begin(): Promise<PasskeyRequest> {
    const answer = await this.#call<PasskeyRequest>("/api/auth/sign-in/passkey/begin", { method: "POST" });
    if (answer.status !== 200) throw new Error(answer.text);
    this.#cookie = cookieOf(answer.headers);
    return answer.body;
  }

  finish(response: object): Promise<Answer<SignedIn & { readonly code?: string }>> {
    return this.#call("/api/auth/sign-in/passkey", { body: { response } });
  }

  /** From the beginning to the end. */
  async signIn(authenticator: SoftwareAuthenticator, odd: Odd = {}): ReturnType<SignedOutBrowser["finish"]> {
    return this.finish(authenticator.sign(await this.begin(), odd));
  }

  #call<T>(path: string, options: Parameters<Client["call"]>[1]): Promise<Answer<T>> {
    return createClient(this.#url, { cookie: this.#cookie }).call<T>(path, options);
  }
}
