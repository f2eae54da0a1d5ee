import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { allEvents, collect, createClient, readEvents, since } from "./client.ts";
import { selfSigned, type SelfSigned } from "./self-signed.ts";
import { THIS_MACHINES } from "./this-machines.ts";

const MAIN = resolve(import.meta.dirname, "../src/main.ts");
const CLI = resolve(import.meta.dirname, "../src/cli/cli.ts");

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

const folders: string[] = [];
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "instep-process-"));
  folders.push(folder);
  return folder;
}

/** How a command of the command line ends, and what it says. */
async function command(words: readonly string[], folder: string): Promise<readonly [number | null, string]> {
  const { ended, output } = run({}, folder, [CLI, ...words]);
  return [await ended, output()];
}

function run(env: Readonly<Record<string, string>>, folder = newFolder(), program = [MAIN]): Run {
  let output = "";
  const child = spawn(process.execPath, ["--conditions=@instep/source", ...program], {
    cwd: folder,
    env: { ...THIS_MACHINES, DATA_DIR: folder, PORT: "0", LOG_LEVEL: "error", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  child.stdout.on("data", (text) => (output += String(text)));
  child.stderr.on("data", (text) => (output += String(text)));
  return { child, output: () => output, ended: once(child, "close").then(([code]) => code) };
}

async function addressOf({ child, output, ended }: Run): Promise<string> {
  while (!output().includes("ready at ")) {
    await Promise.race([once(child.stdout ?? child, "data"), ended]);
    if (child.exitCode !== null) throw new Error(`the program ended: ${output()}`);
  }
  return /ready at (\S+)/.exec(output())?.[1] ?? "";
}

/** Waits until no new call is taken: then the signal has been heard. */
async function untilRefused(url: string): Promise<void> {
  for (let look = 0; look < 2000; look++) {
    const answer = await fetch(`${url}/api/config`).catch(() => null);
    if (answer === null || answer.status === 503) return;
  }
  throw new Error("the server went on taking calls");
}

describe("a file of settings that can't be read", { timeout: 60_000 }, () => {
  it.each([MAIN, CLI])("is one line and the end, for %s", async (program) => {
    const folder = newFolder();
    mkdirSync(join(folder, ".env"));
    const { ended, output } = run({}, folder, program === CLI ? [CLI, "check"] : [MAIN]);
    expect([await ended, output()]).toEqual([1, expect.stringMatching(/^\.env can't be read: [^\n]*\n$/)]);
  });
});

describe("a hang-up", { timeout: 60_000 }, () => {
  it("[SAFE-6] has the certificate looked at anew where there is one", async () => {
    const folder = newFolder();
    const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    const write = (made: SelfSigned) => {
      writeFileSync(cert, made.cert);
      writeFileSync(key, made.key);
    };
    write(selfSigned(1));
    const program = run({ TLS_CERT: cert, TLS_KEY: key, LOG_LEVEL: "info" }, folder);
    expect(await addressOf(program)).toMatch(/^https:/);
    write(selfSigned(2));
    program.child.kill("SIGHUP");
    while (!program.output().includes("renewed certificate is in use")) {
      await once(program.child.stdout ?? program.child, "data");
    }
    program.child.kill("SIGTERM");
    expect(await program.ended).toBe(0);
  });

  it("[TURN-6] [SAFE-6] of a terminal that is closed is an orderly stop where there is no certificate, however often it is told", async () => {
    const folder = newFolder();
    const program = run({ DEMO_TOKEN_DELAY_MS: "200", STOP_GRACE_SECONDS: "3" }, folder);
    const client = createClient(await addressOf(program));
    const { id } = await client.create();
    const events = readEvents(await client.stream(id, { message: "hello" }));
    for (let count = 0; count < 4; count++) await events.next();
    // The terminal is gone with all that was written to.
    for (const output of [program.child.stdout, program.child.stderr]) output?.destroy();
    const startedAt = performance.now();
    program.child.kill("SIGHUP");
    await untilRefused(client.url);
    const again = setInterval(() => program.child.kill("SIGHUP"), 500);
    await collect(events).catch(() => []);
    const code = await program.ended;
    clearInterval(again);
    expect([code, program.child.signalCode]).toEqual([0, null]);
    expect(performance.now() - startedAt).toBeGreaterThan(2500);
    const opened = await createClient(await addressOf(run({}, folder))).open(id);
    expect(opened.messages[1]).toMatchObject({ role: "assistant", status: "interrupted" });
    expect(opened.messages[1]?.content).not.toBe("");
  });

  it("[SAFE-6] a wrong file of a certificate is told in one line, and the program ends with 1", async () => {
    const program = run({ TLS_CERT: "nowhere.pem", TLS_KEY: "nowhere.pem" });
    expect(await program.ended).toBe(1);
    expect(program.output()).toBe('TLS_CERT: "nowhere.pem" can\'t be read (ENOENT)\n');
  });
});

describe("a database that is lost", { timeout: 60_000 }, () => {
  it("ends the program with 1 and one line, so that whatever supervises it starts it again", async () => {
    const folder = newFolder();
    const hook = join(folder, "hook.mjs");
    // The first thread that the program starts is the writer's.
    const end = "process.once('worker', (thread) => process.once('SIGUSR2', () => thread.terminate()));";
    writeFileSync(hook, end);
    const program = run({ NODE_OPTIONS: `--import ${pathToFileURL(hook).href}`, LOG_LEVEL: "silent" }, folder);
    await addressOf(program);
    program.child.kill("SIGUSR2");
    expect(await program.ended).toBe(1);
    expect(program.output()).toMatch(/\nthe database can't be written any more[^\n]*\n$/);
  });
});

describe("a restore", { timeout: 60_000 }, () => {
  it("is refused while a program runs whose database was moved away, and not once that one was killed", async () => {
    const folder = newFolder();
    await addressOf(run({}, folder)).then(() => children[0]?.kill("SIGKILL"));
    const backup = join(newFolder(), "backup.sqlite");
    expect(await command(["backup", backup], folder)).toEqual([0, expect.stringMatching(/^Backed up /)]);
    const program = run({}, folder);
    await addressOf(program);
    renameSync(join(folder, "instep.sqlite"), join(folder, "away.sqlite"));
    const refusal = "The server is running; stop it, then restore.\n";
    expect(await command(["restore", backup], folder)).toEqual([1, refusal]);
    program.child.kill("SIGKILL");
    await program.ended;
    expect(await command(["restore", backup], folder)).toEqual([0, `Restored ${backup}.\n`]);
  });
});

describe("the start", { timeout: 60_000 }, () => {
  it("says in one line where it is, where the data is and which model answers", async () => {
    const program = run({});
    const url = await addressOf(program);
    expect(program.output()).toMatch(
      /^Instep is ready at http:\/\/127\.0\.0\.1:\d+ .*instep\.sqlite.*built-in demo model.*\n$/,
    );
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it.each([
    [{ PORT: "x" }, "PORT"],
    [{ HOST: "0.0.0.0" }, "HOST"],
    [{ DATABASE_URL: "postgres://localhost/x" }, "DATABASE_URL"],
  ])("ends with 1 and one line for %j", async (env, name) => {
    const program = run(env);
    expect(await program.ended).toBe(1);
    expect(program.output()).toMatch(new RegExp(`^${name}: [^\\n]+\\n$`));
  });

  it("ends with 1 and one line where the port is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? String(address.port) : "";
    const program = run({ PORT: port });
    expect(await program.ended).toBe(1);
    expect(program.output()).toMatch(/^PORT: [^\n]+ already in use[^\n]*\n$/);
    taken.close();
  });

  it.each(["file", "file/data", "/proc/nowhere/data"])(
    "ends with 1 and one line where the data can't be stored: %s",
    async (path) => {
      const folder = newFolder();
      writeFileSync(join(folder, "file"), "");
      const program = run({ DATA_DIR: resolve(folder, path) });
      expect(await program.ended).toBe(1);
      expect(program.output()).toMatch(/^[^\n]*DATA_DIR[^\n]*\n$/);
    },
  );

  it("reads .env in its folder, and the environment wins over it", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, ".env"), "SYNC_POLL_INTERVAL_SECONDS=3\nSYNC_MAX_WAIT_SECONDS=4\n");
    const url = await addressOf(run({ SYNC_MAX_WAIT_SECONDS: "5" }, folder));
    const config = await (await fetch(`${url}/api/config`)).json();
    expect(config).toMatchObject({ sync: { poll_interval_ms: 3000, max_wait_s: 5 } });
  });
});

describe("the stop", { timeout: 60_000 }, () => {
  it.each(["SIGTERM", "SIGINT"] as const)(
    "[WAIT-2] on %s answers held polls with Retry-After and exits with 0",
    async (signal) => {
      const program = run({});
      const client = createClient(await addressOf(program));
      const before = await client.sync();
      const held = client.call(`/api/conversations/sync?${since(before)}&wait=25`);
      for (let look = 0; look < 1000 && !(await client.call("/metrics")).text.includes("held_requests 1\n"); look++);
      const startedAt = performance.now();
      program.child.kill(signal);
      const answer = await held;
      expect(answer.status).toBe(200);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await program.ended).toBe(0);
      expect(performance.now() - startedAt).toBeLessThan(15_000);
    },
  );

  it("[TURN-2] lets replies in flight finish, and takes nothing new", async () => {
    const program = run({ DEMO_TOKEN_DELAY_MS: "10", STOP_GRACE_SECONDS: "30" });
    const client = createClient(await addressOf(program));
    const { id } = await client.create();
    const response = await client.stream(id, { message: "hello" });
    program.child.kill("SIGTERM");
    await untilRefused(client.url);
    const events = await allEvents(response);
    expect(events.at(-1)).toMatchObject({ event: "done", data: { message: { status: "complete" } } });
    expect(await program.ended).toBe(0);
  });

  it("is in order where one press comes as two signals, as Ctrl+C under npm does", async () => {
    const program = run({ DEMO_TOKEN_DELAY_MS: "10", STOP_GRACE_SECONDS: "30" });
    const client = createClient(await addressOf(program));
    const { id } = await client.create();
    const response = await client.stream(id, { message: "hello" });
    program.child.kill("SIGINT");
    program.child.kill("SIGTERM");
    const events = await allEvents(response);
    expect(events.at(-1)).toMatchObject({ event: "done", data: { message: { status: "complete" } } });
    expect(await program.ended).toBe(0);
  });

  it("happens at once on another signal that comes later", async () => {
    const program = run({ DEMO_TOKEN_DELAY_MS: "1000", STOP_GRACE_SECONDS: "600" });
    const client = createClient(await addressOf(program));
    const { id } = await client.create();
    const events = readEvents(await client.stream(id, { message: "hello" }));
    await events.next();
    program.child.kill("SIGTERM");
    await untilRefused(client.url);
    const pressAgain = () => [program.child.kill("SIGTERM"), program.child.exitCode];
    await expect.poll(pressAgain, { timeout: 30_000 }).toEqual([false, 1]);
    await collect(events).catch(() => []);
  });

  it("[TURN-6] hands a reply that takes too long to the journal: after the next start it is interrupted, with its text", async () => {
    const folder = newFolder();
    const first = run({ DEMO_TOKEN_DELAY_MS: "200", STOP_GRACE_SECONDS: "0" }, folder);
    const client = createClient(await addressOf(first));
    const { id } = await client.create();
    const events = readEvents(await client.stream(id, { message: "hello" }));
    for (let count = 0; count < 4; count++) await events.next();
    first.child.kill("SIGTERM");
    await collect(events).catch(() => []);
    expect(await first.ended).toBe(0);
    const second = createClient(await addressOf(run({}, folder)));
    const opened = await second.open(id);
    expect(opened.messages[0]).toMatchObject({ content: "hello" });
    expect(opened.messages[1]).toMatchObject({ role: "assistant", status: "interrupted" });
    expect(opened.messages[1]?.content).not.toBe("");
  });
});
