/** The settings of how much one account may ask and keep. */
import type { RequestLimitSettings } from "../limits/request-limits.ts";
import type { SettingReader } from "./setting-reader.ts";

export interface LimitSettings extends RequestLimitSettings {
  /** Conversations of one account, the trash included [LIMIT-2]. */
  readonly maxConversationsPerAccount: number;
}

/** Generous: what a person does on many devices stays far below it. */
const DEFAULT_SENDS = 600;
const DEFAULT_CALLS = 6000;
const BYTES_PER_MB = 1_048_576;

/** Reads them. Whoever has the server to himself limits nobody, unless he says so. */
export function readAccountLimits(read: SettingReader, isShared: boolean): LimitSettings {
  return {
    sendsPerMinute: perMinute(read, "SENDS_PER_MINUTE", isShared ? DEFAULT_SENDS : null),
    callsPerMinute: perMinute(read, "CALLS_PER_MINUTE", isShared ? DEFAULT_CALLS : null),
    bodyBytesPerAccount: read.integer("BODIES_MB_PER_ACCOUNT", { min: 1, max: 10_240, default: 64 }) * BYTES_PER_MB,
    maxConversationsPerAccount: read.integer("MAX_CONVERSATIONS_PER_ACCOUNT", {
      min: 1,
      max: 10_000_000,
      default: 100_000,
    }),
  };
}

function perMinute(read: SettingReader, name: string, usual: number | null): number | null {
  if (read.text(name) === null) return usual;
  return read.integer(name, { min: 1, max: 1_000_000, default: 1 });
}
