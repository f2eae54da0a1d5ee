/** `npm start`: builds the page where it is missing or older than its sources, then runs the program in this process. */
import { spawnSync } from "node:child_process";
import { existsSync, globSync, statSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { main } from "../apps/server/src/main.ts";

const BUILT = "apps/web/dist/index.html";
const SOURCES = [
  "apps/web/{src,public}/**",
  "apps/web/*.*",
  "packages/{protocol,sync-client}/src/**",
  "package-lock.json",
];

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
buildWhereNeeded();
await main();

function buildWhereNeeded(): void {
  const reason = whyToBuild();
  if (reason === null) return;
  console.log(`Building the page (${reason})…`);
  const build = spawnSync("npm", ["run", "build", "--silent"], {
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (build.status === 0) return;
  console.error(`${build.stdout ?? ""}${build.stderr ?? ""}The page could not be built; what went wrong stands above.`);
  process.exit(1);
}

function whyToBuild(): string | null {
  if (!existsSync(BUILT)) return "first start";
  const builtAt = statSync(BUILT).mtimeMs;
  const isNewer = (path: string): boolean => statSync(path).mtimeMs > builtAt;
  return globSync(SOURCES).some(isNewer) ? "its sources have changed" : null;
}
