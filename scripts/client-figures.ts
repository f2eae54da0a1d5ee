/**
 * `node scripts/client-figures.ts [COMMIT ...]`: how large the client is, now and at each of these commits: lines, files at their limit,
 * members of its largest classes, and how often each guard of one race is named.
 */
import { execFileSync } from "node:child_process";
import { membersOf } from "./class-members.ts";

const CLIENT = "packages/sync-client/src";
const FILE_LIMIT = 300;
const MAX_BUFFER = 64 * 1024 * 1024;

/** Words that each stood for a guard of "which of two words about a conversation is newer". */
const GUARDS = [
  "knownSince",
  "removedAt",
  "turnToldAt",
  "isFound",
  "isDisputed",
  "isUnjudged",
  "isOvertaken",
  "leftAt",
  "confirmed",
  "held",
  "isBefore",
  "isUnsure",
  "uncertain",
  "lingering",
] as const;

function git(...rest: readonly string[]): string {
  return execFileSync("git", rest, { encoding: "utf8", maxBuffer: MAX_BUFFER });
}

interface Source {
  readonly path: string;
  readonly text: string;
}

function sourcesAt(commit: string): readonly Source[] {
  const paths = git("ls-tree", "-r", "--name-only", commit, CLIENT).trim().split("\n");
  const sources = paths.filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"));
  return sources.map((path) => ({ path, text: git("show", `${commit}:${path}`) }));
}

for (const commit of [...process.argv.slice(2), "HEAD"]) {
  const sources = sourcesAt(commit);
  const lines = sources.map(({ text }) => text.split("\n").length - 1);
  const classes = sources.flatMap(({ text }) => membersOf(text)).toSorted((one, other) => other[1] - one[1]);
  const code = sources.map(({ text }) => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "")).join("\n");
  const guards = GUARDS.map((word) => [word, code.match(new RegExp(`\\b${word}\\b`, "g"))?.length ?? 0] as const);
  console.log(git("log", "-1", "--format=%h %s", commit).trim());
  console.log(`  ${sources.length} files, ${lines.reduce((sum, each) => sum + each, 0)} lines`);
  console.log(`  ${lines.filter((each) => each >= FILE_LIMIT - 10).length} files within ten lines of ${FILE_LIMIT}`);
  console.log(
    `  members: ${classes
      .slice(0, 6)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ")}`,
  );
  console.log(`  guards: ${guards.map(([word, count]) => `${word} ${count}`).join(", ")}`);
}
