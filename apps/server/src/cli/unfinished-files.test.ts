/** What a command leaves that is ended in the middle: nothing, whoever ends it, and it is ended by that. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const MODULE = new URL("./unfinished-files.ts", import.meta.url).href;

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "[SAFE-3] %s takes away what is unfinished, with what stands beside it, and ends the command",
  async (signal) => {
    const folder = mkdtempSync(join(tmpdir(), "instep-unfinished-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    for (const name of ["a.part", "a.part-wal", "a.part-shm", "b.part", "kept"]) writeFileSync(join(folder, name), "");
    const paths = JSON.stringify([join(folder, "a.part"), join(folder, "b.part")]);
    const code = `import { whileUnfinished } from ${JSON.stringify(MODULE)};
      setInterval(() => undefined, 1000);
      await whileUnfinished(${paths}, () => new Promise(() => console.log("begun")));`;
    const child = spawn(process.execPath, ["--input-type=module", "--conditions=@instep/source", "--eval", code], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    child.kill(signal);
    expect(await once(child, "close")).toEqual([null, signal]);
    expect(readdirSync(folder)).toEqual(["kept"]);
  },
);
