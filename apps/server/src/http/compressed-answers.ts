/** Compressed sync answers: made on zlib's own threads, and a full answer only once, whoever asks for it. */
import type { IncomingHttpHeaders } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

export interface CompressibleAnswer {
  readonly json: string;
  /** Null where nobody asks for the same again, and it is not kept. */
  readonly etag: string | null;
}

/** The gzip form, or null where the asker doesn't read it. */
export type AnswerCompressor = (answer: CompressibleAnswer, headers: IncomingHttpHeaders) => Promise<Buffer | null>;

/** A second of CPU is dearer than a few bytes: level 4 takes half the time of 6 for 4 % more. */
const LEVEL = 4;
const KEPT_ANSWERS = 16;

const gzipAsync = promisify(gzip);

/** Makes a compressor that keeps the newest answers under what they say, so that none can stand for another. */
export function createAnswerCompressor(): AnswerCompressor {
  const kept = new Map<string, Promise<Buffer>>();

  return async ({ json, etag }, headers) => {
    if (!acceptsGzip(headers)) return null;
    if (etag === null) return gzipAsync(json, { level: LEVEL });
    const compressed = kept.get(json) ?? gzipAsync(json, { level: LEVEL });
    kept.delete(json);
    kept.set(json, compressed);
    forgetOldest(kept);
    return compressed;
  };
}

const GZIP = /(?:^|,)\s*gzip\s*(;[^,]*)?(?=,|$)/i;
const ANY = /(?:^|,)\s*\*\s*(;[^,]*)?(?=,|$)/;
const NO_WEIGHT = /;\s*q\s*=\s*0(?:\.0*)?\s*(?:;|$)/i;

/** What is said of gzip counts; what is said of all others only where nothing is. */
function acceptsGzip(headers: IncomingHttpHeaders): boolean {
  const accepted = headers["accept-encoding"];
  const said = typeof accepted === "string" ? (GZIP.exec(accepted) ?? ANY.exec(accepted)) : null;
  return said !== null && !NO_WEIGHT.test(said[1] ?? "");
}

function forgetOldest(kept: Map<string, unknown>): void {
  const [oldest] = kept.keys();
  if (kept.size > KEPT_ANSWERS && oldest !== undefined) kept.delete(oldest);
}
