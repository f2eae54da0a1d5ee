/** Compressed sync answers: made on zlib's own threads, and a full answer only once for each clock. */
import type { AccountId } from "@instep/protocol";
import type { IncomingHttpHeaders } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

export interface CompressibleAnswer {
  readonly json: string;
  /** Names the answer among those of its account and limit; null where it can't be kept. */
  readonly etag: string | null;
}

export interface Asker {
  readonly accountId: AccountId;
  /** Rows of the page: all of the question that makes a difference to a full answer, however it was spelt. */
  readonly limit: number;
  readonly headers: IncomingHttpHeaders;
}

/** The gzip form, or null where the asker doesn't read it. */
export type AnswerCompressor = (answer: CompressibleAnswer, asker: Asker) => Promise<Buffer | null>;

/** A second of CPU is dearer than a few bytes: level 4 takes half the time of 6 for 4 % more. */
const LEVEL = 4;
const KEPT_ANSWERS = 16;

const gzipAsync = promisify(gzip);

/** Makes a compressor that keeps the newest answers; the same question at the same clock is compressed once. */
export function createAnswerCompressor(): AnswerCompressor {
  const keptByKey = new Map<string, Promise<Buffer>>();

  return async (answer, { accountId, limit, headers }) => {
    if (!acceptsGzip(headers)) return null;
    if (answer.etag === null) return gzipAsync(answer.json, { level: LEVEL });
    const key = `${accountId} ${answer.etag} ${limit}`;
    const compressed = keptByKey.get(key) ?? gzipAsync(answer.json, { level: LEVEL });
    keptByKey.delete(key);
    keptByKey.set(key, compressed);
    forgetOldest(keptByKey);
    return compressed;
  };
}

function acceptsGzip(headers: IncomingHttpHeaders): boolean {
  const accepted = headers["accept-encoding"];
  return typeof accepted === "string" && /(?:^|[,\s])(?:gzip|\*)(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(accepted);
}

function forgetOldest(keptByKey: Map<string, unknown>): void {
  const [oldest] = keptByKey.keys();
  if (keptByKey.size > KEPT_ANSWERS && oldest !== undefined) keptByKey.delete(oldest);
}
