/** One word, one meaning: finds the names under which two files export different things. `npm run exports` fails on one. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const EXPORTED =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:interface|type|class|function\*?|const) ([A-Za-z_$][\w$]*)/gm;
/** A component is named after what it shows, which may be a thing of the wire or of the engine. */
const COMPONENT = /\.tsx$/;
const OF_TESTS = /\.(test|spec)\.tsx?$|\/test\/|\.d\.ts$/;

/** The names that a source exports by declaring them. */
export function exportedNames(source: string): readonly string[] {
  return [...source.matchAll(EXPORTED)].map(([, name = ""]) => name);
}

/** Each name that two of the repository's files export, with these files. */
export function doubledNames(): readonly string[] {
  const filesByName = new Map<string, Set<string>>();
  for (const file of sourceFiles()) {
    for (const name of exportedNames(readFileSync(file, "utf8"))) {
      filesByName.set(name, (filesByName.get(name) ?? new Set()).add(file));
    }
  }
  const doubled = [...filesByName].filter(([, files]) => files.size > 1);
  return doubled.map(([name, files]) => `${name}: ${[...files].join(", ")}`);
}

function sourceFiles(): readonly string[] {
  const tracked = execFileSync("git", ["ls-files", "*.ts", "*.tsx"], { encoding: "utf8" }).trim().split("\n");
  return tracked.filter((file) => !OF_TESTS.test(file) && !COMPONENT.test(file) && existsSync(file));
}

if (import.meta.main) {
  const doubled = doubledNames();
  for (const line of doubled) console.error(`Two things have one name; rename one of them: ${line}`);
  process.exitCode = doubled.length === 0 ? 0 : 1;
}
