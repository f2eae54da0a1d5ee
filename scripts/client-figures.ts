/**
 * `node scripts/client-figures.ts [COMMIT ...]`: how large the client is, now and at each of these commits: lines, files at their limit,
 * members of its largest classes, and how often each guard of one race is named, those that are gone and those that stand.
 */
import { execFileSync } from "node:child_process";
import { membersOf } from "./class-members.ts";

const CLIENT = "packages/sync-client/src";
const FILE_LIMIT = 300;
const MAX_BUFFER = 64 * 1024 * 1024;

/** Words that each stood for a guard of "which of two words about a conversation is newer"; some of them say other things too. */
const FORMER_GUARDS = [
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

/** The words of what judges it today: the moment as of which each word is true. */
const GUARDS = ["asOf", "momentOf", "isLater", "knownUpTo", "isKnownUpTo", "isOlderThan", "UNSAID"] as const;

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

/** How often each word stands in it. */
function countsIn(code: string, words: readonly string[]): string {
  const counts = words.map((word) => code.match(new RegExp(`\\b${word}\\b`, "g"))?.length ?? 0);
  return words.map((word, at) => `${word} ${counts[at]}`).join(", ");
}

for (const commit of [...process.argv.slice(2), "HEAD"]) {
  const sources = sourcesAt(commit);
  const lines = sources.map(({ text }) => text.split("\n").length - 1);
  const classes = sources.flatMap(({ text }) => membersOf(text)).toSorted((one, other) => other[1] - one[1]);
  const code = sources.map(({ text }) => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "")).join("\n");
  console.log(git("log", "-1", "--format=%h %s", commit).trim());
  console.log(`  ${sources.length} files, ${lines.reduce((sum, each) => sum + each, 0)} lines`);
  console.log(`  ${lines.filter((each) => each >= FILE_LIMIT - 10).length} files within ten lines of ${FILE_LIMIT}`);
  console.log(
    `  members: ${classes
      .slice(0, 6)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ")}`,
  );
  console.log(`  former guards: ${countsIn(code, FORMER_GUARDS)}`);
  console.log(`  guards: ${countsIn(code, GUARDS)}`);
}
