/** People who sign in, for tests: each is a device with its session's cookie. */
import type { SignedIn } from "@instep/protocol";
import { createClient, type Client } from "./client.ts";
import { startApp, type StartAppOptions, type StartedApp } from "./start-app.ts";

export const PASSWORD = "correct horse";

export interface Someone extends Client {
  readonly user: SignedIn["user"];
  /** As a browser sends it back. */
  readonly cookie: string;
}

/** A server that takes everybody of `example.com`. */
export function startForPeople({ env, ...options }: StartAppOptions = {}): Promise<StartedApp> {
  return startApp({ passwordCostLog2: 6, ...options, env: { ALLOWED_EMAILS: "*@example.com", ...env } });
}

export function signUp(url: string, name: string, more: Readonly<Record<string, string>> = {}): Promise<Someone> {
  return enter(url, "sign-up", { email: `${name}@example.com`, password: PASSWORD, name, ...more });
}

export function signIn(url: string, name: string, password = PASSWORD): Promise<Someone> {
  return enter(url, "sign-in", { email: `${name}@example.com`, password });
}

async function enter(url: string, call: string, body: Readonly<Record<string, string>>): Promise<Someone> {
  const answer = await createClient(url).call<SignedIn>(`/api/auth/${call}/email`, { body });
  if (answer.status !== 200) throw new Error(answer.text);
  const cookie = cookieOf(answer.headers);
  return { ...createClient(url, { cookie }), user: answer.body.user, cookie };
}

/** The name and the value of the cookie that an answer sets. */
export function cookieOf(headers: Headers): string {
  return headers.get("set-cookie")?.split(";")[0] ?? "";
}
