/** Which folders are closed to others when a database is put there. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { keepSecret, prepareDatabasePlace } from "./private-files.ts";

test.each([
  ["a loose one is closed", 0o755, 0o700],
  ["a closed one stays", 0o500, 0o500],
  ["one that many write to stays, and only the file is closed", 0o1777, 0o1777],
])("[SAFE-3] of a database's folder: %s", (_what, before, after) => {
  const folder = mkdtempSync(join(tmpdir(), "instep-place-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "instep.sqlite");
  prepareDatabasePlace(path);
  chmodSync(path, 0o644);
  chmodSync(folder, before);
  prepareDatabasePlace(path);
  expect(statSync(folder).mode & 0o7777).toBe(after);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("[SAFE-3] of a secret that two processes make at once, the first stands for both, for its owner alone", () => {
  const folder = mkdtempSync(join(tmpdir(), "instep-secret-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "auth-secret");
  expect([keepSecret(path, "first"), keepSecret(path, "second")]).toEqual(["first", "first"]);
  expect(readFileSync(path, "utf8")).toBe("first\n");
  expect([statSync(path).mode & 0o777, readdirSync(folder)]).toEqual([0o600, ["auth-secret"]]);
});

test("[SAFE-3] a secret for which the disk has no room leaves no file, and none open, however often it is tried", () => {
  const folder = mkdtempSync(join(tmpdir(), "instep-secret-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const module = fileURLToPath(new URL("private-files.ts", import.meta.url));
  const script = `
    const { keepSecret } = await import(${JSON.stringify(module)});
    const before = fs.openSync("/dev/null");
    let refused = 0;
    for (let tried = 0; tried < 5; tried += 1) {
      try { keepSecret(${JSON.stringify(join(folder, "push-key"))}, "secret"); } catch { refused += 1; }
    }
    console.log(refused, fs.openSync("/dev/null") - before);`;
  const noRoom = ["-c", 'ulimit -f 0 && exec "$0" "$@"', process.execPath, "--input-type=module", "-e"];
  const ran = spawnSync("sh", [...noRoom, `import fs from "node:fs";${script}`], { encoding: "utf8" });
  // The next free number of a file is the one after.
  expect([ran.stdout, readdirSync(folder)]).toEqual(["5 1\n", []]);
});
