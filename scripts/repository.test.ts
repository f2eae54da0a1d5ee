/** What is committed installs anywhere, and says nothing about the machine that it was made on. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, resolve } from "node:path";
import { expect, test } from "vitest";

interface LockedPackage {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = readJson("package-lock.json") as { readonly packages: Readonly<Record<string, LockedPackage>> };
const locked = Object.entries(lock.packages).filter(([path]) => path.includes("node_modules/"));

test("the lock file names no registry: what is fetched comes from the reader's own", () => {
  const hosts = locked.filter(([, { resolved }]) => resolved?.includes(":")).map(([path]) => path);
  expect(hosts).toEqual([]);
});

test("the lock file holds a checksum for every package that is fetched", () => {
  const unchecked = locked.filter(([, { link, integrity }]) => !link && !integrity).map(([path]) => path);
  expect(unchecked).toEqual([]);
});

test("the lock file holds every platform's binaries, or npm ci refuses it", () => {
  const missing = locked.flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !isLocked(path, name))
      .map((name) => `${path} wants ${name}`),
  );
  expect(missing).toEqual([]);
});

test("every package with an install script is allowed or refused by name", () => {
  const { allowScripts } = readJson("package.json") as { allowScripts: Record<string, boolean> };
  const undecided = locked
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length))
    // Needed on macOS only, where file events come with it; without its script they are polled.
    .filter((name) => name !== "fsevents" && !(name in allowScripts));
  expect(undecided).toEqual([]);
  expect(allowScripts["node"]).toBe(true);
  expect(allowScripts["better-sqlite3"]).toBe(false);
});

test("every dependency is pinned to one version", () => {
  const manifests = ["package.json", ...trackedFiles().filter((path) => path.endsWith("/package.json"))];
  const loose = manifests.flatMap((path) => {
    const { dependencies = {}, devDependencies = {} } = readJson(path) as Record<string, Record<string, string>>;
    return Object.entries({ ...dependencies, ...devDependencies })
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      .map(([name, version]) => `${path}: ${name}@${version}`);
  });
  expect(loose).toEqual([]);
});

test("the tree holds no path of the machine that it was written on", () => {
  const places = [resolve("."), homedir()].filter((path) => path.length > 1);
  const someone = /\/(?:home|Users)\/[a-z]\w*\//;
  const telling = trackedFiles().filter((path) => {
    const text = readFileSync(path, "latin1");
    return someone.test(text) || places.some((place) => text.includes(`${place}/`));
  });
  expect(telling).toEqual([]);
});

test("the tree holds no secret and no database", () => {
  const unwanted = /^\.env(\.(?!example$).*)?$|\.(sqlite3?|db|pem|key)(-wal|-shm)?$/;
  expect(trackedFiles().filter((path) => unwanted.test(basename(path)))).toEqual([]);
});

function trackedFiles(): readonly string[] {
  const { stdout, status } = spawnSync("git", ["ls-files", "-z"], { encoding: "utf8" });
  expect(status, "git lists the files of the tree").toBe(0);
  const deleted = spawnSync("git", ["ls-files", "-z", "--deleted"], { encoding: "utf8" }).stdout.split("\0");
  return stdout.split("\0").filter((path) => path !== "" && !deleted.includes(path));
}

/** Whether the lock file has the package where one at `path` would look for it. */
function isLocked(path: string, name: string): boolean {
  for (let place = path; place !== ""; place = place.slice(0, Math.max(place.lastIndexOf("/node_modules/"), 0))) {
    if (`${place}/node_modules/${name}` in lock.packages) return true;
  }
  return `node_modules/${name}` in lock.packages;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}
