/** Reads a stream of the stamped model, from the model itself or through a server: when did each token come, and how old was it? */
import { Agent, request } from "node:http";

export interface StampedStream {
  /** From the request until its first token, in milliseconds. */
  readonly firstTokenMs: number;
  /** Of every token: from the model's sending until here, in milliseconds. */
  readonly agesMs: readonly number[];
}

export interface StampedRequest {
  readonly url: string;
  readonly body: unknown;
}

const STAMP = / @(\d+)@/g;
/** Longer than a stamp: what a chunk may have cut off. */
const LONGEST_CUT = 32;
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

/** Resolves when the stream has ended; rejects where it was none. */
export function readStamped({ url, body }: StampedRequest): Promise<StampedStream> {
  const { promise, resolve, reject } = Promise.withResolvers<StampedStream>();
  const text = JSON.stringify(body);
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
  const askedAt = process.hrtime.bigint();
  const sent = request(url, { method: "POST", agent, headers }, (response) => {
    const agesMs: number[] = [];
    let firstAt = 0n;
    let rest = "";
    response.setEncoding("utf8");
    let refusal = "";
    response.on("data", (chunk: string) => {
      if (response.statusCode !== 200) refusal += chunk;
      const now = process.hrtime.bigint();
      const { stamps, left } = stampsIn(rest + chunk);
      rest = left;
      if (firstAt === 0n && stamps.length > 0) firstAt = now;
      for (const stamp of stamps) agesMs.push(Number(now - stamp) / 1e6);
    });
    response.on("error", reject);
    response.on("end", () => {
      if (response.statusCode === 200) resolve({ firstTokenMs: Number(firstAt - askedAt) / 1e6, agesMs });
      else reject(new Error(`${url} answered ${response.statusCode}: ${refusal}`));
    });
  });
  sent.on("error", reject);
  sent.end(text);
  return promise;
}

/** The whole stamps of a text, and what follows the last of them. Only token events are read: the closing event has the text again. */
function stampsIn(text: string): { readonly stamps: readonly bigint[]; readonly left: string } {
  const end = text.indexOf("event: done");
  const tokens = end < 0 ? text : text.slice(0, end);
  const found = [...tokens.matchAll(STAMP)];
  const last = found.at(-1);
  const left = tokens.slice(last ? last.index + last[0].length : Math.max(0, tokens.length - LONGEST_CUT));
  return { stamps: found.map(([, stamp = "0"]) => BigInt(stamp)), left: end < 0 ? left : "" };
}
