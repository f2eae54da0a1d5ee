/** The settings of what stands between a browser and the program: HTTPS, what browsers are told of it, and who may read the metrics. */
import type { SettingReader } from "./setting-reader.ts";

/** Where the certificate (with its chain) and its key are, as PEM. */
export interface TlsFiles {
  readonly certPath: string;
  readonly keyPath: string;
}

export interface TransportSettings {
  /** HTTPS by the program itself; null where it is left to a proxy, or to nobody. */
  readonly tls: TlsFiles | null;
  /** For how long browsers come by HTTPS only; 0 says nothing to them. */
  readonly hstsSeconds: number;
  /** What `/metrics` asks for; null: it is told to this machine alone, and to nobody where a proxy stands in front [SAFE-5]. */
  readonly metricsToken: string | null;
}

const SECONDS_A_DAY = 86_400;
const MAX_HSTS_DAYS = 730;

/** Reads them; files are not looked at yet. */
export function readTransport(read: SettingReader): TransportSettings {
  return {
    tls: readTls(read),
    hstsSeconds: read.integer("HSTS_DAYS", { min: 0, max: MAX_HSTS_DAYS, default: 0 }) * SECONDS_A_DAY,
    metricsToken: read.longSecret("METRICS_TOKEN"),
  };
}

function readTls(read: SettingReader): TlsFiles | null {
  const certPath = read.text("TLS_CERT");
  const keyPath = read.text("TLS_KEY");
  if (certPath !== null && keyPath !== null) return { certPath, keyPath };
  if (certPath !== null) read.refuse("TLS_KEY", "it is needed where TLS_CERT is set: the certificate's key");
  if (keyPath !== null) read.refuse("TLS_CERT", "it is needed where TLS_KEY is set: the key's certificate");
  return null;
}

/** The program's own address at that port, as browsers take it. */
export function ownAddress(
  { tls, host }: Pick<TransportSettings, "tls"> & { readonly host: string },
  port: number,
): string {
  const name = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  return `${schemeOf({ tls })}://${name}:${port}`;
}

/** What addresses of the program itself begin with. */
export function schemeOf({ tls }: Pick<TransportSettings, "tls">): "http" | "https" {
  return tls === null ? "http" : "https";
}
