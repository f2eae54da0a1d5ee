/** Sends one message to one push service: bounded in time, to addresses of the internet only, and without following where it is sent on to. */
import { request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { openLookup, readEndpoint, type IsOpenAddress } from "./push-address.ts";

export interface PushMessage {
  readonly endpoint: string;
  readonly body: Buffer;
  readonly authorization: (endpoint: URL) => string;
  /** A later message of this topic takes the place of one that waits for its device. */
  readonly topic: string;
}

export interface SendPushPorts {
  readonly isOpen: IsOpenAddress;
  /** Whom to trust besides the authorities that everybody trusts; for tests. */
  readonly ca?: string;
  /** How long a message may take in all; ten seconds where nothing is said. */
  readonly patienceMs?: number;
  /** How long after the first try comes the second. */
  readonly retryMs?: number;
}

/** What became of it: `gone` where nobody is subscribed there any more. */
export type PushOutcome = "sent" | "gone" | "failed";

const PATIENCE_MS = 10_000;
const RETRY_AFTER_MS = 1500;
/** How long a push service keeps it for a device that is off. */
const KEPT_S = 86_400;
const GONE: ReadonlySet<number> = new Set([404, 410]);
const TOO_MANY = 429;
const OWN_FAULT = 500;

/** Never throws; tries a second time where the service was not there or had no time. */
export async function sendPush(
  message: PushMessage,
  ports: SendPushPorts,
  stopping: AbortSignal,
): Promise<PushOutcome> {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(ports.patienceMs ?? PATIENCE_MS)]);
  const first = await trySend(message, ports, signal);
  if (first !== "again") return first;
  try {
    await sleep(ports.retryMs ?? RETRY_AFTER_MS, undefined, { signal });
  } catch {
    // Its time is over, or the program stops.
    return "failed";
  }
  const second = await trySend(message, ports, signal);
  return second === "again" ? "failed" : second;
}

async function trySend(
  message: PushMessage,
  ports: SendPushPorts,
  signal: AbortSignal,
): Promise<PushOutcome | "again"> {
  const url = readEndpoint(message.endpoint, ports.isOpen);
  if (url === null) return "failed";
  try {
    const status = await post(url, message, { ...ports, signal });
    if (GONE.has(status)) return "gone";
    if (status === TOO_MANY || status >= OWN_FAULT) return "again";
    return status >= 200 && status < 300 ? "sent" : "failed";
  } catch {
    return signal.aborted ? "failed" : "again";
  }
}

function post(
  url: URL,
  message: PushMessage,
  ports: SendPushPorts & { readonly signal: AbortSignal },
): Promise<number> {
  const headers = {
    authorization: message.authorization(url),
    "content-encoding": "aes128gcm",
    "content-length": message.body.length,
    "content-type": "application/octet-stream",
    topic: message.topic,
    ttl: KEPT_S,
    urgency: "high",
  };
  const { signal, ca } = ports;
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: "POST", headers, lookup: openLookup(ports.isOpen), signal, agent: false, ca });
    asked.once("error", reject);
    asked.once("response", (response) => {
      // What it says besides is nobody's business, however long it is.
      response.once("error", () => undefined);
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    asked.end(message.body);
  });
}
