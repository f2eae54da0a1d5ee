/** The program's settings: environment variables in, one checked record out, or one line that says what is wrong. */
import { isIP } from "node:net";
import { MAX_MODEL_LENGTH } from "@instep/protocol";
import { ENGINE_DEFAULTS, type EngineLimits } from "@instep/sync-server";
import { parseAllowList, type AllowList } from "../accounts/allow-list.ts";
import { readOidc, type OidcSettings } from "../accounts/oidc-settings.ts";
import { deploymentOf, normalBaseUrl } from "../generation/endpoint-address.ts";
import type { ModelChoice } from "../generation/model.ts";
import { parseModels } from "../generation/models.ts";
import { readAccountLimits, type LimitSettings } from "./limit-settings.ts";
import { isLoopbackListener } from "../loopback.ts";
import { readMail, type MailSettings } from "../mail/mail-settings.ts";
import { SettingReader } from "./setting-reader.ts";
import { readTransport, type TransportSettings } from "./transport-settings.ts";

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Everything that can be set from outside; durations carry their unit in their names. */
export interface Settings extends TransportSettings, LimitSettings, EngineLimits {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly publicUrl: string | null;
  /** Who may sign in; null: nobody has to, since there is one local account. */
  readonly allowedEmails: AllowList | null;
  /** Another provider to sign in with; null where there is none. */
  readonly oidc: OidcSettings | null;
  /** Where `users` mails from; null where nothing is mailed [SIGN-12]. */
  readonly mail: MailSettings | null;
  /** Null: made once, and kept in the data folder. */
  readonly authSecret: string | null;
  /** Addresses and networks whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** The OpenAI-compatible endpoint; null means the built-in demo model. */
  readonly openaiBaseUrl: string | null;
  readonly openaiApiKey: string | null;
  /** The first is the default; empty asks the endpoint what it has. */
  readonly models: readonly ModelChoice[];
  readonly titles: "model" | "words";
  readonly demoTokenDelayMs: number;
  readonly modelFirstTokenTimeoutMs: number;
  readonly modelSilenceTimeoutMs: number;
  /** A reply ends by itself after so many characters, and after so long [TURN-12]. */
  readonly maxReplyCharacters: number;
  readonly modelMaxMs: number;
  /** The model's window; null where it isn't known: all that the engine gives is sent. */
  readonly modelContextTokens: number | null;
  readonly pollIntervalMs: number;
  readonly fullSyncThresholdMs: number;
  readonly live: boolean;
  /** How many replies may ask a model at once in this process; further ones wait for a place. */
  readonly maxReplies: number;
  readonly bodyLimitBytes: number;
  /** The largest file that is imported over HTTP [IMPORT-1]. */
  readonly importLimitBytes: number;
  readonly stopGraceMs: number;
  readonly logLevel: LogLevel;
}

export type SettingsOutcome =
  | { readonly settings: Settings; readonly fault: null; readonly names: readonly string[] }
  | { readonly settings: null; readonly fault: string; readonly names: readonly string[] };

/** Settings that belong to parts of the program that don't exist yet: better no start than one that ignores them. */
const NOT_BUILT: Readonly<Record<string, string>> = {
  DATABASE_URL: "PostgreSQL is not built yet; leave DATABASE_URL unset to keep the data in SQLite",
};

const MAX_DAYS = 36_500;
const MAX_SECONDS = 86_400;

/** Reads and checks every setting; the first one that is wrong is told in one line. `names` are the variables that were read [SPEC section 8]. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): SettingsOutcome {
  const read = new SettingReader(env);
  for (const [name, why] of Object.entries(NOT_BUILT)) {
    if (read.text(name) !== null) read.refuse(name, why);
  }
  const place = readPlace(read);
  const accountLimits = readAccountLimits(read, place.allowedEmails !== null);
  const limits = { ...readLimits(read), ...accountLimits };
  const settings: Settings = { ...place, ...readModels(read), ...readSync(read), ...limits };
  const { fault, names } = read;
  return fault === null ? { settings, fault, names } : { settings: null, fault, names };
}

function readPlace(read: SettingReader) {
  const host = read.text("HOST") ?? "127.0.0.1";
  const allowedEmails = readAllowList(read);
  const publicUrl = read.origin("PUBLIC_URL");
  if (!isLoopbackListener(host) && allowedEmails === null) {
    read.refuse(
      "HOST",
      `"${host}" can be reached from elsewhere, and without ALLOWED_EMAILS anybody there could read everything; use 127.0.0.1`,
    );
  }
  return {
    host,
    port: read.integer("PORT", { min: 0, max: 65_535, default: 3000 }),
    dataDir: read.text("DATA_DIR") ?? "./data",
    publicUrl,
    allowedEmails,
    oidc: readOidc(read, allowedEmails !== null),
    mail: readMail(read, publicUrl),
    authSecret: read.longSecret("AUTH_SECRET"),
    trustedProxies: readProxies(read),
    ...readTransport(read),
    logLevel: read.oneOf("LOG_LEVEL", LOG_LEVELS) ?? "info",
    stopGraceMs: read.seconds("STOP_GRACE_SECONDS", { min: 0, max: 600, default: 8 }),
  };
}

function readAllowList(read: SettingReader): AllowList | null {
  const text = read.text("ALLOWED_EMAILS");
  if (text === null) return null;
  const list = parseAllowList(text);
  if (list === null) read.refuse("ALLOWED_EMAILS", `"${text}" is not a list like "ann@example.com,*@example.org"`);
  return list;
}

function readProxies(read: SettingReader): readonly string[] {
  const text = read.text("TRUSTED_PROXIES") ?? "";
  const proxies = text.split(",").flatMap((entry) => entry.trim() || []);
  const wrong = proxies.find((proxy) => !isNetwork(proxy));
  if (wrong !== undefined) read.refuse("TRUSTED_PROXIES", `"${wrong}" is no address and no network like 10.0.0.0/8`);
  return proxies;
}

function isNetwork(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const longest = isIP(address) === 6 ? 128 : 32;
  const isLength = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) > 0 && Number(bits) <= longest);
  return isIP(address) > 0 && isLength && rest.length === 0;
}

function readModels(read: SettingReader) {
  const openaiBaseUrl = readBaseUrl(read);
  return {
    openaiBaseUrl,
    openaiApiKey: read.secret("OPENAI_API_KEY"),
    models: readModelList(read),
    titles: read.oneOf("TITLES", ["model", "words"] as const) ?? (openaiBaseUrl === null ? "words" : "model"),
    demoTokenDelayMs: read.integer("DEMO_TOKEN_DELAY_MS", { min: 0, max: 60_000, default: 25 }),
    modelFirstTokenTimeoutMs: read.seconds("MODEL_FIRST_TOKEN_TIMEOUT_SECONDS", seconds(60)),
    modelSilenceTimeoutMs: read.seconds("MODEL_SILENCE_TIMEOUT_SECONDS", seconds(60)),
    maxReplyCharacters: read.integer("MAX_REPLY_CHARACTERS", { min: 1, max: 10_000_000, default: 1_000_000 }),
    modelMaxMs: read.seconds("MODEL_MAX_SECONDS", seconds(3_600)),
    modelContextTokens: read.integer("MODEL_CONTEXT_TOKENS", { min: 0, max: 100_000_000, default: 0 }) || null,
  };
}

/** What could only be asked nonsense is refused; the path of a call and slashes at the end are taken off [MODEL-3]. */
function readBaseUrl(read: SettingReader): string | null {
  const url = read.url("OPENAI_BASE_URL");
  if (url === null) return null;
  if (url.includes("#")) {
    read.refuse("OPENAI_BASE_URL", 'the address of an API has no "#"; leave it out, and what follows it');
  } else if (deploymentOf(url) === "") {
    const form = `has at most ${MAX_MODEL_LENGTH} characters, and "%25" stands for each "%"`;
    read.refuse("OPENAI_BASE_URL", `the name behind "/openai/deployments/" can be no model's: one ${form}`);
  } else return normalBaseUrl(url);
  return null;
}

function readModelList(read: SettingReader): readonly ModelChoice[] {
  const text = read.text("MODELS");
  if (text === null) return [];
  const models = parseModels(text);
  const form = `"id,other-id=Its name", each id once and of ${MAX_MODEL_LENGTH} characters at most`;
  if (models === null) read.refuse("MODELS", `"${text}" is not a list like ${form}`);
  return models ?? [];
}

function readSync(read: SettingReader) {
  const live = read.boolean("SYNC_LIVE") ?? true;
  const maxWaitS = read.integer("SYNC_MAX_WAIT_SECONDS", { min: 0, max: 60, default: ENGINE_DEFAULTS.maxWaitS });
  return {
    pollIntervalMs: read.seconds("SYNC_POLL_INTERVAL_SECONDS", seconds(60)),
    fullSyncThresholdMs: read.seconds("SYNC_FULL_SYNC_THRESHOLD_SECONDS", seconds(300)),
    live,
    // Where nothing is live, nothing is held.
    maxWaitS: live ? maxWaitS : 0,
    maxHeldPerAccount: read.integer("MAX_HELD_PER_ACCOUNT", {
      min: 0,
      max: 100_000,
      default: ENGINE_DEFAULTS.maxHeldPerAccount,
    }),
    maxHeld: read.integer("MAX_HELD", { min: 0, max: 1_000_000, default: ENGINE_DEFAULTS.maxHeld }),
  };
}

function readLimits(read: SettingReader) {
  return {
    maxRepliesPerAccount: read.integer("MAX_REPLIES_PER_ACCOUNT", {
      min: 1,
      max: 10_000,
      default: ENGINE_DEFAULTS.maxRepliesPerAccount,
    }),
    maxReplies: read.integer("MAX_REPLIES", { min: 1, max: 100_000, default: 500 }),
    bodyLimitBytes: read.integer("BODY_LIMIT_KB", { min: 1, max: 102_400, default: 1024 }) * 1024,
    importLimitBytes: read.integer("IMPORT_LIMIT_MB", { min: 1, max: 102_400, default: 2048 }) * 1_048_576,
    trashDays: read.number("TRASH_DAYS", { min: 0, max: MAX_DAYS, default: ENGINE_DEFAULTS.trashDays }),
    tombstoneDays: read.number("TOMBSTONE_DAYS", { min: 0, max: MAX_DAYS, default: ENGINE_DEFAULTS.tombstoneDays }),
  };
}

function seconds(value: number) {
  return { min: 0.01, max: MAX_SECONDS, default: value };
}
