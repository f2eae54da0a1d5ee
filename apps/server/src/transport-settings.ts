/** The settings of what stands between a browser and the program: what browsers are told of HTTPS, and who may read the metrics. */
import type { SettingReader } from "./setting-reader.ts";

export interface TransportSettings {
  /** For how long browsers come by HTTPS only; 0 says nothing to them. */
  readonly hstsSeconds: number;
  /** What `/metrics` asks for; null: it is told to this machine alone. */
  readonly metricsToken: string | null;
}

const SECONDS_A_DAY = 86_400;
const MAX_HSTS_DAYS = 730;

/** Reads them. */
export function readTransport(read: SettingReader): TransportSettings {
  return {
    hstsSeconds: read.integer("HSTS_DAYS", { min: 0, max: MAX_HSTS_DAYS, default: 0 }) * SECONDS_A_DAY,
    metricsToken: read.longSecret("METRICS_TOKEN"),
  };
}
