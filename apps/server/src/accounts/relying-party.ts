/** Whom passkeys are made for: the host that people know this server by, which browsers bind each of them to. Pure. */
import { isIP } from "node:net";
import type { Outcome, Refusal } from "@instep/sync-server";
import type { Settings } from "../settings/config.ts";
import { schemeOf } from "../settings/transport-settings.ts";

export interface RelyingParty {
  /** A host name; a passkey is found and signs at this one alone. */
  readonly id: string;
  /** The page's own, which the browser signs for. */
  readonly origin: string;
}

const LOCAL_NAME = /(?:^|\.)localhost$/;

/** By `PUBLIC_URL`, or else by the `Host` that a request names. Refused where no browser would do it [SIGN-11]. */
export function relyingPartyOf(
  settings: Pick<Settings, "publicUrl" | "tls">,
  host: string | undefined,
): Outcome<RelyingParty> {
  const url = URL.parse(settings.publicUrl ?? `${schemeOf(settings)}://${host ?? ""}`);
  if (url === null || url.hostname === "") return refused("This request names no host");
  const { protocol, hostname, origin } = url;
  if (isIP(hostname.replaceAll(/[[\]]/g, "")) > 0) return refused(`${hostname} is an IP address, not a name`);
  if (protocol !== "https:" && !LOCAL_NAME.test(hostname)) return refused(`${origin} is not HTTPS`);
  return { id: hostname, origin };
}

function refused(why: string): Refusal {
  const detail = `${why}. Passkeys need a host name with HTTPS, as PUBLIC_URL says it; on this machine alone, localhost will do.`;
  return { refused: "passkeys_unavailable", detail };
}
