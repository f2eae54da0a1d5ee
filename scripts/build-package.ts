/** Builds the package in whose folder it runs, for `npm pack`: scripts of other programs can't run from its sources. */
import { spawnSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import process from "node:process";

// What a file of former sources left there would be packed too.
rmSync("dist", { recursive: true, force: true });
const { status } = spawnSync("tsc", ["-b", "--force", "tsconfig.build.json"], {
  stdio: ["ignore", process.stderr, process.stderr],
  shell: process.platform === "win32",
});
if (status === 0) copyFileSync("../../LICENSE", "dist/LICENSE");
process.exitCode = status ?? 1;
