import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { readSettings } from "./config.ts";

const EXAMPLE = parseEnv(readFileSync(new URL("../../../../.env.example", import.meta.url), "utf8"));

describe("readSettings", () => {
  it("starts with nothing set: loopback, SQLite in ./data, the demo model", () => {
    const { settings } = readSettings({});
    expect(settings).toMatchObject({
      host: "127.0.0.1",
      port: 3000,
      dataDir: "./data",
      openaiBaseUrl: null,
      models: [],
      titles: "words",
      pollIntervalMs: 60_000,
      fullSyncThresholdMs: 300_000,
      live: true,
      maxWaitS: 25,
      trashDays: 30,
      tombstoneDays: 90,
      bodyLimitBytes: 1_048_576,
    });
  });

  it("knows exactly the variables that .env.example lists", () => {
    expect(Object.keys(EXAMPLE).sort()).toEqual([...readSettings({}).names].sort());
  });

  it("reads .env.example as the defaults", () => {
    expect(readSettings(EXAMPLE).settings).toEqual(readSettings({}).settings);
  });

  it("reads MODELS as ids with names, the first one the default, and asks a real endpoint for titles", () => {
    const { settings } = readSettings({ OPENAI_BASE_URL: "http://127.0.0.1:11434/v1/", MODELS: "a, b=The B = best" });
    expect(settings?.models).toEqual([
      { id: "a", name: "a" },
      { id: "b", name: "The B = best" },
    ]);
    expect(settings?.openaiBaseUrl).toBe("http://127.0.0.1:11434/v1");
    expect(settings?.titles).toBe("model");
  });

  it("[MODEL-3] takes a percent sign in an address where it means something, or nothing is read from there", () => {
    for (const path of ["openai/deployments/50%25", "v1/50%", "v1?note=50%"]) {
      const url = `https://api.example.com/${path}`;
      expect(readSettings({ OPENAI_BASE_URL: url }).settings?.openaiBaseUrl).toBe(url);
    }
  });

  it("takes fractions of seconds", () => {
    expect(readSettings({ SYNC_POLL_INTERVAL_SECONDS: "0.5" }).settings?.pollIntervalMs).toBe(500);
  });

  it.each(["https://chat.example", "https://chat.example/", "HTTPS://Chat.Example:443", " https://chat.example// "])(
    "takes PUBLIC_URL=%s as the origin that it is",
    (PUBLIC_URL) => {
      expect(readSettings({ PUBLIC_URL }).settings?.publicUrl).toBe("https://chat.example");
    },
  );

  it.each([
    ["PORT", "http"],
    ["PORT", "65536"],
    ["PORT", "80.5"],
    ["HOST", "0.0.0.0"],
    ["HOST", "::"],
    ["HOST", "chat.example"],
    ["HOST", "127.0.0.1.evil.example"],
    ["OPENAI_BASE_URL", "localhost:11434"],
    ["OPENAI_BASE_URL", "http://127.0.0.1:11434/v1#chat"],
    ["OPENAI_BASE_URL", "http://somebody:secret@127.0.0.1/v1"],
    ["OPENAI_BASE_URL", "https://me.openai.azure.com/openai/deployments/50%/?api-version=1"],
    ["OPENAI_BASE_URL", "https://me.openai.azure.com/openai/deployments/%E4/"],
    ["OPENAI_BASE_URL", "https://me.openai.azure.com/openai/deployments/a%00b/"],
    ["OPENAI_BASE_URL", "https://me.openai.azure.com/openai/deployments/%20/"],
    ["OPENAI_BASE_URL", `https://me.openai.azure.com/openai/deployments/${"m".repeat(201)}/`],
    ["OPENAI_API_KEY", "schlüssel"],
    ["OPENAI_API_KEY", "two lines\nof it"],
    ["MODELS", "a,a"],
    ["MODELS", " , "],
    ["MODELS", "m".repeat(201)],
    ["MODELS", "=x"],
    ["TITLES", "poems"],
    ["SYNC_POLL_INTERVAL_SECONDS", "0"],
    ["SYNC_LIVE", "maybe"],
    ["SYNC_MAX_WAIT_SECONDS", "61"],
    ["TRASH_DAYS", "-1"],
    ["TOMBSTONE_DAYS", "1e9"],
    ["LOG_LEVEL", "loud"],
    ["BODY_LIMIT_KB", "0"],
    ["IMPORT_LIMIT_MB", "0"],
    ["DEMO_TOKEN_DELAY_MS", "fast"],
    ["MODEL_FIRST_TOKEN_TIMEOUT_SECONDS", "soon"],
    ["DATABASE_URL", "postgres://localhost/instep"],
    ["ALLOWED_EMAILS", "someone"],
    ["AUTH_SECRET", "short"],
    ["TRUSTED_PROXIES", "caddy"],
    ["TRUSTED_PROXIES", "10.0.0.0/33"],
    ["TRUSTED_PROXIES", "0.0.0.0/0"],
    ["HSTS_DAYS", "-1"],
    ["METRICS_TOKEN", "short"],
    ["PUBLIC_URL", "https://chat.example/instep"],
    ["PUBLIC_URL", "https://chat.example/?x"],
    ["PUBLIC_URL", "https://chat.example/#x"],
  ])("says in one line what is wrong with %s=%s", (name, value) => {
    const { settings, fault } = readSettings({ [name]: value });
    expect(settings).toBeNull();
    expect(fault).toMatch(new RegExp(`^${name}: [^\\n]+$`));
  });

  it("[SIGN-10] takes a provider with all that it needs, from an address that nobody on the way can speak for", () => {
    const all = {
      ALLOWED_EMAILS: "*@example.com",
      OIDC_ISSUER: "https://id.example/realms/home/",
      OIDC_CLIENT_ID: "instep",
      OIDC_CLIENT_SECRET: "secret",
    };
    const expected = { issuer: all.OIDC_ISSUER, clientId: "instep", clientSecret: "secret", name: "id.example" };
    expect(readSettings(all).settings?.oidc).toEqual(expected);
    const OIDC_ISSUER = "https://id.example/realms/home/.well-known/openid-configuration";
    expect(readSettings({ ...all, OIDC_ISSUER, OIDC_NAME: "Home" }).settings?.oidc).toMatchObject({
      issuer: "https://id.example/realms/home",
      name: "Home",
    });
    expect(readSettings({ ...all, OIDC_CLIENT_SECRET: "" }).settings?.oidc?.clientSecret).toBeNull();
    expect(readSettings({ ...all, OIDC_ISSUER: "http://127.0.0.1:8080" }).fault).toBeNull();
    const faults: readonly (readonly [object, string])[] = [
      [{ ALLOWED_EMAILS: "" }, "OIDC_ISSUER"],
      [{ OIDC_CLIENT_ID: "" }, "OIDC_CLIENT_ID"],
      [{ OIDC_ISSUER: "" }, "OIDC_ISSUER"],
      [{ OIDC_ISSUER: "", OIDC_CLIENT_ID: "" }, "OIDC_ISSUER"],
      [{ OIDC_ISSUER: "", OIDC_CLIENT_ID: "", OIDC_CLIENT_SECRET: "", OIDC_NAME: "x" }, "OIDC_ISSUER"],
      [{ OIDC_ISSUER: "http://id.example" }, "OIDC_ISSUER"],
      [{ OIDC_ISSUER: "http://127.0.0.1.evil.example" }, "OIDC_ISSUER"],
      [{ OIDC_ISSUER: "https://me:pass@id.example" }, "OIDC_ISSUER"],
      [{ OIDC_ISSUER: "https://id.example?tenant=1" }, "OIDC_ISSUER"],
      [{ OIDC_ISSUER: "id.example" }, "OIDC_ISSUER"],
      [{ OIDC_CLIENT_SECRET: "two words" }, "OIDC_CLIENT_SECRET"],
      [{ OIDC_NAME: "x".repeat(61) }, "OIDC_NAME"],
    ];
    for (const [change, name] of faults) {
      expect(readSettings({ ...all, ...change }).fault, JSON.stringify(change)).toMatch(
        new RegExp(`^${name}: [^\\n]+$`),
      );
    }
    expect(readSettings({ ...all, OIDC_ISSUER: "https://me:pass@id.example" }).fault).not.toContain("pass");
  });

  it("[SIGN-12] takes a mail server with the address that it mails from and PUBLIC_URL, and repeats nothing of it", () => {
    const all = {
      SMTP_URL: "smtps://me%40example.org:p%2Fw@mail.example.org",
      MAIL_FROM: "instep@example.org",
      PUBLIC_URL: "https://chat.example.org",
    };
    const secure = { host: "mail.example.org", port: 465, isSecure: true, isLocal: false, from: all.MAIL_FROM };
    const login = { user: "me@example.org", password: "p/w" };
    expect(readSettings(all).settings?.mail).toEqual({ ...secure, login });
    const mailOf = (SMTP_URL: string) => readSettings({ ...all, SMTP_URL }).settings?.mail;
    expect(mailOf("smtp://mail.example.org/")).toEqual({ ...secure, port: 587, isSecure: false, login: null });
    expect(mailOf("smtp://mail.example.org:25")).toMatchObject({ port: 25 });
    for (const host of ["localhost", "127.0.0.1", "[::1]"]) {
      expect(mailOf(`smtp://${host}`)).toMatchObject({ isLocal: true, host: host.replaceAll(/[[\]]/g, "") });
    }
    expect(mailOf("smtp://127.0.0.1.evil.example")).toMatchObject({ isLocal: false });
    expect(readSettings({}).settings?.mail).toBeNull();
    const faults: readonly (readonly [object, string])[] = [
      [{ SMTP_URL: "" }, "SMTP_URL"],
      [{ MAIL_FROM: "" }, "MAIL_FROM"],
      [{ MAIL_FROM: "Instep <instep@example.org>" }, "MAIL_FROM"],
      [{ PUBLIC_URL: "" }, "PUBLIC_URL"],
      ...["https://me:s3cret@x.example", "mail.example.org", "smtp://", "smtp://me:s3cret@x.example?tls=no"].map(
        (SMTP_URL) => [{ SMTP_URL }, "SMTP_URL"] as const,
      ),
      ...["smtp://me@x.example", "smtp://:s3cret@x.example", "smtp://me:s3cret%@x.example", "smtp://x.example/a"].map(
        (SMTP_URL) => [{ SMTP_URL }, "SMTP_URL"] as const,
      ),
    ];
    for (const [change, name] of faults) {
      const { fault } = readSettings({ ...all, ...change });
      expect(fault, JSON.stringify(change)).toMatch(new RegExp(`^${name}: [^\\n]+$`));
      expect(fault).not.toContain("s3cret");
    }
  });

  it("takes TLS_CERT and TLS_KEY together only, and says which is missing", () => {
    const [TLS_CERT, TLS_KEY] = ["cert.pem", "key.pem"];
    expect(readSettings({ TLS_CERT, TLS_KEY }).settings?.tls).toEqual({ certPath: TLS_CERT, keyPath: TLS_KEY });
    expect(readSettings({ TLS_CERT }).fault).toMatch(/^TLS_KEY: it is needed/);
    expect(readSettings({ TLS_KEY }).fault).toMatch(/^TLS_CERT: it is needed/);
  });

  it("repeats no secret in what it says", () => {
    for (const secret of [
      { METRICS_TOKEN: "sécret" },
      { OPENAI_API_KEY: "sécret" },
      { OPENAI_BASE_URL: "http://me:sécret@127.0.0.1/v1" },
    ]) {
      expect(readSettings(secret).fault).not.toContain("sécret");
    }
  });
});
