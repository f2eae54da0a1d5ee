/** Who may read `/metrics`: whoever shows its token; without one, this machine alone. */
import type { Refusal } from "@instep/sync-server";
import { hash, timingSafeEqual } from "node:crypto";
import { isLoopbackAddress, isLoopbackHost } from "../loopback.ts";

export interface MetricsRules {
  /** What a collector sends as its bearer token; null where there is none. */
  readonly token: string | null;
  /** Whether a proxy stands in front: then everybody seems to come from this machine. */
  readonly isBehindProxy: boolean;
}

export interface MetricsCaller {
  /** The other end of the connection itself, whatever a proxy says. */
  readonly remoteAddress: string | undefined;
  readonly host: string | undefined;
  readonly authorization: string | undefined;
  /** Whether some proxy has passed the request on. */
  readonly isForwarded: boolean;
}

/** Null lets the caller read; a refusal says what is needed [SAFE-5]. */
export function refuseMetrics(rules: MetricsRules, caller: MetricsCaller): Refusal | null {
  if (rules.token !== null) {
    const [, shown = ""] = BEARER.exec(caller.authorization ?? "") ?? [];
    return isSame(shown, rules.token) ? null : TOKEN_NEEDED;
  }
  const isHere = isLoopbackAddress(caller.remoteAddress) && isLoopbackHost(caller.host);
  return isHere && !rules.isBehindProxy && !caller.isForwarded ? null : NOT_HERE;
}

/** A scheme may be written in any case. */
const BEARER = /^bearer +(.+)$/i;
const TOKEN_NEEDED: Refusal = { refused: "unauthorized", detail: "Send METRICS_TOKEN as a bearer token." };
const NOT_HERE: Refusal = {
  refused: "forbidden",
  detail:
    "Without METRICS_TOKEN, the metrics are told to this machine alone, and to nobody where a proxy stands in front.",
};

/** Compared in constant time, so that the time tells nothing of the right one. */
function isSame(shown: string, right: string): boolean {
  return timingSafeEqual(hash("sha256", shown, "buffer"), hash("sha256", right, "buffer"));
}
