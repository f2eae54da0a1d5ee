/** Type-checks every workspace on its own, since each has its own idea of the environment that it runs in. */
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";

const projects = globSync(["packages/*/tsconfig.json", "apps/*/tsconfig.json", "*/tsconfig.json"]);
const failed = projects.filter((project) => {
  const { status } = spawnSync("node_modules/.bin/tsc", ["-p", project], { stdio: "inherit" });
  return status !== 0;
});
console.log(`${projects.length - failed.length} projects type-check, ${failed.length} do not`);
process.exitCode = failed.length === 0 ? 0 : 1;
