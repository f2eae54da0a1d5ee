/** The calls of the sign-in view. */
import type { Problem } from "@instep/protocol";

export interface Entry {
  readonly email: string;
  readonly password: string;
}

/** Signs up or in; the session is a cookie that no script sees. Null: signed in, else the code of what went wrong. */
export async function enterAccount(way: "sign-in" | "sign-up", entry: Entry): Promise<string | null> {
  try {
    const response = await fetch(`/api/auth/${way}/email`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(entry),
    });
    if (response.ok) return null;
    const problem = (await response.json()) as Partial<Problem>;
    return problem.code ?? "bad_answer";
  } catch {
    return "unreachable";
  }
}

/** Ends the session of this browser. */
export async function leaveAccount(): Promise<boolean> {
  const response = await fetch("/api/auth/sign-out", { method: "POST" }).catch(() => null);
  return response?.ok ?? false;
}
