/** What ships beside the code names what is there: the image, the units, and the script that backs up. */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startApp } from "../apps/server/test/start-app.ts";
import { readSettings } from "../apps/server/src/settings/config.ts";

const ROOT = resolve(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const manifest = JSON.parse(read("package.json")) as {
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
};
/** Settings that the program reads. */
const KNOWN = new Set(readSettings({}).names);
/** What belongs to the system, to Caddy, or to Node. */
const OTHERS = new Set(["DOMAIN", "UPSTREAM", "NODE_ENV", "PATH"]);

const dockerfile = read("Dockerfile");
const lastStage = dockerfile.slice(dockerfile.lastIndexOf("\nFROM "));

describe("the image", () => {
  it("has the Node that everything runs on here", () => {
    const versions = [...dockerfile.matchAll(/^FROM node:([\d.]+)-/gm)].map(([, version]) => version);
    expect(versions.length).toBeGreaterThan(0);
    expect(new Set(versions)).toEqual(new Set([manifest.devDependencies["node"]]));
  });

  it("is built from the lock file, and from nothing else", () => {
    const installs = dockerfile.match(/\bnpm (?:ci|install|i)\b/g) ?? [];
    expect(installs.length).toBeGreaterThan(0);
    expect(new Set(installs)).toEqual(new Set(["npm ci"]));
    expect(dockerfile).not.toMatch(/\bcurl\b|\bADD\b|\bnpx\b/);
    expect(manifest.scripts["build"]).toBeDefined();
  });

  it("copies what is there, or what the build makes", () => {
    const copied = [...lastStage.matchAll(/^COPY --from=\w+ \/app\/(\S+) (\S+)$/gm)];
    const made = new Set(["node_modules", "apps/web/dist"]);
    expect(copied.length).toBeGreaterThan(5);
    for (const [, from = "", to] of copied) {
      expect(from).toBe(to);
      expect(made.has(from) || existsSync(join(ROOT, from)), from).toBe(true);
    }
  });

  it("copies what its command line runs", () => {
    const copied = [...lastStage.matchAll(/^COPY --from=\w+ \/app\/(\S+) /gm)].map(([, path = ""]) => path);
    const doors = [...read("deploy/instep").matchAll(/"\$root\/(\S+\.js)"/g)].map(([, path = ""]) => path);
    expect(doors.length).toBeGreaterThan(0);
    for (const door of doors) {
      for (const [, path = ""] of read(door).matchAll(/import\(?\s*"([^"]+)"/g)) {
        const needed = join("scripts", path);
        const isThere = copied.some((one) => needed === one || needed.startsWith(`${one}/`));
        expect(isThere, needed).toBe(true);
      }
      expect(copied).toContain(door);
    }
  });

  it("copies every workspace that the program depends on", () => {
    const copied = [...lastStage.matchAll(/^COPY --from=\w+ \/app\/(\S+) /gm)].map(([, path = ""]) => path);
    const manifests = globSync("{packages,apps}/*/package.json", { cwd: ROOT });
    const byName = new Map(manifests.map((path) => [nameOf(path), path]));
    const needed = new Set(["@instep/server"]);
    for (const name of needed) {
      const { dependencies = {} } = JSON.parse(read(byName.get(name) ?? "")) as { dependencies?: object };
      for (const other of Object.keys(dependencies)) if (byName.has(other)) needed.add(other);
    }
    for (const name of needed) {
      const folder = (byName.get(name) ?? "").replace("/package.json", "");
      for (const part of ["package.json", "src"]) {
        const path = `${folder}/${part}`;
        expect(
          copied.some((one) => path === one || path.startsWith(`${one}/`)),
          path,
        ).toBe(true);
      }
    }
  });

  it("runs as nobody special, says how it is, and starts what is there with the options of npm start", () => {
    expect(lastStage).toMatch(/^USER instep$/m);
    expect(lastStage.indexOf("\nUSER ")).toBeLessThan(lastStage.indexOf("\nCMD "));
    expect(lastStage).toMatch(/^HEALTHCHECK .*\/readyz"$/m);
    const command = JSON.parse(/^CMD (\[.*\])$/m.exec(lastStage)?.[1] ?? "[]") as readonly string[];
    expect(existsSync(join(ROOT, command.at(-1) ?? ""))).toBe(true);
    for (const option of command.slice(1, -1)) expect(manifest.scripts["start"]).toContain(option);
  });

  it("takes no secret and no data along", () => {
    const ignored = read(".dockerignore").split("\n");
    for (const path of [".git", "**/node_modules", "**/data", "**/.env", "**/dist"]) expect(ignored).toContain(path);
  });
});

describe("the settings that are shipped", () => {
  const files = ["Dockerfile", "compose.yaml", "docs/self-hosting.md", ...globSync("deploy/*.service", { cwd: ROOT })];

  it.each(files)("are ones that the program knows, in %s", (file) => {
    const text = read(file);
    const named = [
      ...text.matchAll(/^\s+([A-Z][A-Z_]+): /gm),
      ...text.matchAll(/(?:^|[ '\n"]|\\n)([A-Z][A-Z_]+)=/g),
    ].map(([, name = ""]) => name);
    expect(named.filter((name) => !KNOWN.has(name) && !OTHERS.has(name))).toEqual([]);
  });

  it("are all passed on to the container, except those that say where it stands", () => {
    const service = /^  instep:\n(.*?)\n\n/ms.exec(read("compose.yaml"))?.[1] ?? "";
    expect(service).toContain("    env_file: .env\n");
    const image = /^ENV (.*)$/m.exec(lastStage)?.[1] ?? "";
    for (const [, name = "", value = ""] of image.matchAll(/\b(HOST|PORT|DATA_DIR)=(\S+)/g)) {
      expect(service).toMatch(new RegExp(`^      ${name}: "?${value}"?$`, "m"));
    }
  });

  it("are said to be passed on except for those that are given there", () => {
    const compose = read("compose.yaml");
    const [, given = ""] = /^    environment:\n((?:      .*\n)+)/m.exec(compose) ?? [];
    const own = given.split("\n").flatMap((line) => {
      const [, name = "", value = ""] = /^ +([A-Z_]+): (.*)$/.exec(line) ?? [];
      return name === "" || value.startsWith(`\${${name}:`) ? [] : [name];
    });
    expect(own.length).toBeGreaterThan(3);
    for (const text of [compose, read("docs/self-hosting.md"), read("CHANGELOG.md")]) {
      const [, exceptions = ""] = /`\.env[^`]*`[^`.]* except ([^.]*)\./s.exec(text) ?? [];
      expect(new Set(exceptions.match(/[A-Z_]{4,}/g))).toEqual(new Set(own));
    }
  });

  it("name a model server on the same machine as the container finds it", () => {
    const [, host = ""] = /`http:\/\/([\w.]+):11434\/v1`/.exec(read("docs/self-hosting.md")) ?? [];
    expect(read("compose.yaml")).toContain(`    extra_hosts:\n      - ${host}:host-gateway\n`);
  });

  it("start the program as they stand", () => {
    const env = { HOST: "0.0.0.0", PORT: "3000", DATA_DIR: "/data", PUBLIC_URL: "https://chat.example.org" };
    const more = { ALLOWED_EMAILS: "you@example.org", TRUSTED_PROXIES: "172.30.77.0/24", HSTS_DAYS: "180" };
    expect(readSettings({ ...env, ...more, OPENAI_BASE_URL: "", MODELS: "" }).fault).toBeNull();
    expect(read("compose.yaml")).toContain(`TRUSTED_PROXIES: ${more.TRUSTED_PROXIES}\n`);
    expect(read("compose.yaml")).toContain(`subnet: ${more.TRUSTED_PROXIES}\n`);
  });
});

describe("the units", () => {
  it.each(globSync("deploy/*.{service,timer}", { cwd: ROOT }))("name what is there, in %s", (file) => {
    const paths = [...read(file).matchAll(/\/opt\/instep\/(\S+)/g)].map(([, path = ""]) => path);
    for (const path of paths) expect(existsSync(join(ROOT, path)), path).toBe(true);
    const [, program] = /(apps\/\S+\.ts)/.exec(read(file)) ?? [];
    if (program !== undefined) expect(existsSync(join(ROOT, program))).toBe(true);
  });

  it("keep the program from everything but its data, and give a stop the time that it takes", () => {
    const unit = read("deploy/instep.service");
    for (const line of ["NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=", "PrivateTmp=yes"]) {
      expect(unit.split("\n")).toContain(line);
    }
    const graceS = (readSettings({}).settings?.stopGraceMs ?? 0) / 1000;
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(graceS);
    expect(Number(/stop_grace_period: (\d+)s/.exec(read("compose.yaml"))?.[1])).toBeGreaterThan(graceS);
  });
});

describe("a backup by the script", { timeout: 90_000 }, () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "instep-deploy-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("[SAFE-3] is its owner's alone, beside a running server; the newest stay, and other files are let be", async () => {
    const app = await startApp({ env: { DATA_DIR: join(folder, "data") } });
    const backups = join(folder, "backups");
    const env = { PATH: process.env["PATH"], DATA_DIR: app.dataDir };
    const script = () => spawnSync(join(ROOT, "deploy/backup.sh"), [backups, "2"], { env, encoding: "utf8" });
    expect(script()).toMatchObject({ status: 0, stderr: "" });
    for (const old of ["20200101T000000Z", "20210101T000000Z"]) {
      writeFileSync(join(backups, `instep-${old}.sqlite`), "");
      writeFileSync(join(backups, `instep-${old}.sqlite.accounts`), "");
    }
    // What one left that was killed two days ago, and what another one may be writing now.
    const half = "instep-20220102T000000Z.sqlite.00000000-0000-4000-8000-00000000000a.part";
    const written = half.replace("000a.part", "000b.part");
    for (const name of [half, written]) writeFileSync(join(backups, name), "half of one");
    const twoDaysAgo = Date.now() / 1000 - 2 * 86_400;
    utimesSync(join(backups, half), twoDaysAgo, twoDaysAgo);
    writeFileSync(join(backups, "notes.txt"), "");
    writeFileSync(join(backups, "instep-mine.sqlite"), "");
    // As if it were of another day: two of one second would be one file.
    const first = "instep-20220101T000000Z.sqlite";
    const made = readdirSync(backups).find((name) => /^instep-202[2-9].*\.sqlite$/.test(name)) ?? "";
    renameSync(join(backups, made), join(backups, first));
    expect(script()).toMatchObject({ status: 0, stderr: "" });
    await app.stop();
    const left = readdirSync(backups);
    expect(left.filter((name) => /^instep-\d.*\.sqlite$/.test(name))).toHaveLength(2);
    expect(left.filter((name) => name.endsWith(".part"))).toEqual([written]);
    expect(left).toContain(first);
    expect(left).toEqual(expect.arrayContaining(["notes.txt", "instep-mine.sqlite"]));
    expect(statSync(backups).mode & 0o777).toBe(0o700);
    expect(statSync(join(backups, first)).mode & 0o777).toBe(0o600);
    expect(spawnSync(join(ROOT, "deploy/instep"), ["check"], { env, encoding: "utf8" }).status).toBe(0);
  });

  it("is copied away into the same folder every day", () => {
    const copies = [...read("docs/self-hosting.md").matchAll(/compose cp (\S+) /g)].map(([, from]) => from);
    expect(copies).toEqual([expect.stringMatching(/\/\.$/)]);
  });

  it.each(["0", "-1", "all", "1.5", "03", " 3", "1 2"])("is not begun where %j should be kept", (keep) => {
    const old = "instep-20200101T000000Z.sqlite";
    writeFileSync(join(folder, old), "");
    const env = { PATH: process.env["PATH"], DATA_DIR: join(folder, "data") };
    const ran = spawnSync(join(ROOT, "deploy/backup.sh"), [folder, keep], { env, encoding: "utf8" });
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringMatching(/^[^\n]* number from 1 on[^\n]*\n$/) });
    expect(readdirSync(folder)).toEqual([old]);
  });
});

describe("the command line of an installed server", { timeout: 60_000 }, () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "instep-installed-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function instep(words: readonly string[], more: Readonly<Record<string, string>> = {}) {
    const env = { PATH: process.env["PATH"], INSTEP_ENV: join(folder, "instep.env"), ...more };
    return spawnSync(join(ROOT, "deploy/instep"), words, { cwd: folder, env, encoding: "utf8" });
  }

  it("[SIGN-8] has the settings that the server is started with, so that its links lead there and hold there", async () => {
    const settings = {
      DATA_DIR: join(folder, "data"),
      ALLOWED_EMAILS: "you@example.org, *@example.com",
      PUBLIC_URL: "https://chat.example.org",
      AUTH_SECRET: "a-secret-of-the-settings",
    };
    const lines = Object.entries({ ...settings, MODELS: "one=A model with a name" });
    writeFileSync(join(folder, "instep.env"), lines.map(([name, value]) => `${name}=${value}\n`).join(""));
    const app = await startApp({ env: settings, passwordCostLog2: 6 });
    try {
      const credentials = { email: "you@example.org", password: "correct horse" };
      const post = async (path: string, body: object) => {
        const headers = { "content-type": "application/json", host: "chat.example.org" };
        return (await fetch(app.url + path, { method: "POST", headers, body: JSON.stringify(body) })).status;
      };
      expect(await post("/api/auth/sign-up/email", credentials)).toBe(200);
      expect(instep(["users", "list"]).stdout).toMatch(/^you@example\.org {2}since \S+ {2}administrator\n$/);
      const { stdout, stderr } = instep(["users", "reset", "you@example.org"]);
      const [, token] = /^https:\/\/chat\.example\.org\/#reset=(\S+)\n/.exec(stdout) ?? [];
      expect(await post("/api/auth/reset-password", { token, password: "battery staple" }), stderr).toBe(200);
    } finally {
      await app.stop();
    }
  });

  it("takes what the environment says before what the file says, and needs no file", () => {
    writeFileSync(join(folder, "instep.env"), `DATA_DIR=${join(folder, "of-the-file")}\n`);
    expect(instep(["check"]).stderr).toContain("of-the-file");
    expect(instep(["check"], { DATA_DIR: join(folder, "of-the-environment") }).stderr).toContain("of-the-environment");
    rmSync(join(folder, "instep.env"));
    expect(instep(["help"])).toMatchObject({ status: 0, stderr: "" });
  });

  it("has no settings of the folder that one stands in, and takes names of files as they are there", () => {
    writeFileSync(join(folder, ".env"), "PORT=much\n");
    writeFileSync(join(folder, "instep.env"), `DATA_DIR=${join(folder, "of-the-file")}\n`);
    expect(instep(["check"], { INSTEP_ENV: "instep.env" }).stderr).toContain("of-the-file");
    expect(instep(["import", "none.json"]).stderr).toBe(`There is no file ${join(folder, "none.json")}.\n`);
  });

  it.each(["a#b", "a #b", "'a' # b", "a\\b", '"a\\\\b"', "`a`", "'a'b", '"a'])(
    "refuses a value that systemd reads otherwise in one line, without the value: %s",
    (value) => {
      writeFileSync(join(folder, "instep.env"), `PORT=3000\nAUTH_SECRET=${value}\n`);
      const ran = instep(["help"]);
      expect(ran).toMatchObject({ status: 1, stdout: "" });
      expect(ran.stderr).toMatch(/^AUTH_SECRET in \S+instep\.env[^\n]* single quotes[^\n]*\n$/);
      expect(ran.stderr).not.toContain(value);
    },
  );

  it("takes every value that systemd reads as it does, and needs none that the environment has", () => {
    const values = ["'a#b\\c'", '"a#b"', "it's", 'a "b" c', "", "one=A name; two", "'a' "];
    const lines = values.map((value, n) => `SETTING_${n}=${value}\n`);
    writeFileSync(join(folder, "instep.env"), ["# A=b#c\n", "; A=b#c\n", "\n", "MODELS=a#b\n", ...lines].join(""));
    expect(instep(["help"], { MODELS: "a" })).toMatchObject({ status: 0, stderr: "" });
  });
});

function nameOf(path: string): string {
  return (JSON.parse(read(path)) as { readonly name: string }).name;
}
