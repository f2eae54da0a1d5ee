/** HTTPS by the program itself: what is served, what is taken anew, and what stops the start. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startProgram, type Program } from "../src/compose.ts";
import { readSettings } from "../src/settings/config.ts";
import { createLog } from "../src/program-log.ts";
import { selfSigned, type SelfSigned } from "./self-signed.ts";

const [FIRST, SECOND] = [selfSigned(1), selfSigned(2)];

let folder: string;
let logged: string[];
let program: Program | null = null;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-tls-"));
});

beforeEach(() => {
  logged = [];
  put(FIRST);
});

afterEach(async () => {
  await program?.stop();
  program = null;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const certPath = () => join(folder, "cert.pem");
const keyPath = () => join(folder, "key.pem");

function put({ cert, key }: Partial<SelfSigned>): void {
  if (cert !== undefined) writeFileSync(certPath(), cert);
  if (key !== undefined) writeFileSync(keyPath(), key);
}

async function start(env: Readonly<Record<string, string>> = {}): Promise<Program> {
  const given = { PORT: "0", DATA_DIR: join(folder, "data"), TLS_CERT: certPath(), TLS_KEY: keyPath(), ...env };
  const { settings, fault } = readSettings(given);
  if (settings === null) throw new Error(fault);
  const log = createLog({ logLevel: "info" }, { write: (line) => logged.push(line) });
  program = await startProgram(settings, { log, passwordCostLog2: 6 });
  return program;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly serial: string;
}

/** Over a connection of its own, that trusts the one certificate. */
function call(
  trusted: SelfSigned,
  path: string,
  more: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string } = {},
): Promise<Answer> {
  const { method = "GET", headers = {}, body } = more;
  const { port } = new URL(program?.url ?? "");
  const options = { host: "127.0.0.1", port, path, method, headers, ca: trusted.cert, servername: "localhost" };
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, agent: false }, (answer) => {
      const serial = (answer.socket as TLSSocket).getPeerCertificate().serialNumber;
      answer.resume();
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, serial }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

describe("HTTPS by TLS_CERT and TLS_KEY", () => {
  it("[SAFE-6] serves everything, the sync call too, and says so in its address", async () => {
    const { url } = await start();
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    for (const path of ["/healthz", "/api/config", "/api/conversations/sync"]) {
      expect(await call(FIRST, path)).toMatchObject({ status: 200, serial: "01" });
    }
    await expect(fetch(url.replace("https:", "http:")), "in the clear nothing is said").rejects.toThrow();
  });

  it("[SAFE-1] its page is the one that came by HTTPS, and [SIGN-3] its cookie never travels without", async () => {
    const { url } = await start({ ALLOWED_EMAILS: "*@example.com" });
    const host = new URL(url).host;
    const signUp = (origin: string) =>
      call(FIRST, "/api/auth/sign-up/email", {
        method: "POST",
        headers: { "content-type": "application/json", host, origin },
        body: JSON.stringify({ email: "ann@example.com", password: "correct horse" }),
      });
    expect((await signUp(`http://${host}`)).status).toBe(403);
    const { status, headers } = await signUp(`https://${host}`);
    expect(status).toBe(200);
    expect(String(headers["set-cookie"])).toMatch(/^__Host-instep_session=.*; Secure/);
  });

  it("[SAFE-6] takes renewed files without a new start, and keeps what it has while they don't fit", async () => {
    const running = await start();
    const renew = () => running.renewCertificate();
    renew();
    expect(logged.join("")).not.toContain("certificate");
    put({ cert: SECOND.cert });
    renew();
    renew();
    expect(await call(FIRST, "/healthz")).toMatchObject({ status: 200, serial: "01" });
    expect(
      logged.filter((line) => line.includes("can't be used")),
      "a fault is told once",
    ).toHaveLength(1);
    put({ key: SECOND.key });
    renew();
    expect(await call(SECOND, "/healthz")).toMatchObject({ status: 200, serial: "02" });
    expect(logged.filter((line) => line.includes("is in use"))).toHaveLength(1);
    rmSync(keyPath());
    renew();
    expect(await call(SECOND, "/healthz")).toMatchObject({ status: 200, serial: "02" });
    expect(logged.filter((line) => line.includes("can't be used"))).toHaveLength(2);
  });

  it.each([
    { name: "TLS_CERT", what: "isn't there", env: { TLS_CERT: "/nowhere/cert.pem" } },
    { name: "TLS_KEY", what: "isn't there", env: { TLS_KEY: "/nowhere/key.pem" } },
    { name: "TLS_CERT", what: "is a folder", env: { TLS_CERT: tmpdir() } },
    { name: "TLS_CERT", what: "is no certificate", files: { cert: FIRST.key } },
    { name: "TLS_KEY", what: "is no key", files: { key: FIRST.cert } },
    { name: "TLS_KEY", what: "is empty", files: { key: "" } },
    { name: "TLS_KEY", what: "is another's key", files: { key: SECOND.key } },
  ])("[SAFE-6] stops the start in one line where the file of $name $what", async ({ name, env = {}, files = {} }) => {
    put(files);
    await expect(start(env)).rejects.toThrow(new RegExp(`^${name}: [^\\n]+$`));
  });
});
