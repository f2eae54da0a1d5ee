/** What README.md says is so: its example runs, its settings and commands are those of the program. */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { readSettings } from "../apps/server/src/settings/config.ts";

const readme = readFileSync("README.md", "utf8");
const PACKAGES = globSync("packages/*/README.md");

test.each([
  ["README.md", "[ 'Bread without kneading' ]"],
  ["packages/sync-server/README.md", "[ 'Bread without kneading' ]"],
  ["packages/protocol/README.md", "3 1767268800000001"],
])(
  "the first example of %s runs as it stands",
  (path, printed) => {
    const example = /```ts\n(.*?)```/s.exec(readFileSync(path, "utf8"))?.[1] ?? "";
    const folder = mkdtempSync(join(tmpdir(), "instep-readme-"));
    try {
      writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
      writeFileSync(join(folder, "example.ts"), example);
      symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
      const run = spawnSync(process.execPath, ["--conditions=@instep/source", "example.ts"], {
        cwd: folder,
        encoding: "utf8",
        timeout: 30_000,
      });
      expect(run.stderr).toBe("");
      expect(run.stdout.trim()).toBe(printed);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  40_000,
);

test("every setting of .env.example stands in the table, and no other", () => {
  const [settings = "", later = ""] = readFileSync(".env.example", "utf8").split(/^# --- Not built yet/m);
  const names = (text: string): string[] => [...text.matchAll(/^([A-Z_]+)=/gm)].map(([, name = ""]) => name).sort();
  const rows = readme.split("\n").filter((line) => /^\| `[A-Z]/.test(line));
  const table = rows.flatMap((row) =>
    [...(row.split("|")[1] ?? "").matchAll(/`([A-Z_]+)`/g)].map(([, name = ""]) => name),
  );
  expect(table.sort()).toEqual(names(settings));
  expect(names(later)).not.toEqual([]);
});

test("the specification names every setting that the program reads", () => {
  const [, from = ""] = readFileSync("packages/protocol/SPEC.md", "utf8").split("\n### Settings\n");
  const [section = ""] = from.split("\n### ");
  const named = [...section.matchAll(/`([A-Z][A-Z_]+\*?)`/g)].map(([, name = ""]) => name);
  const families = named.filter((name) => name.endsWith("*")).map((name) => name.slice(0, -1));
  const isNamed = (name: string) => named.includes(name) || families.some((start) => name.startsWith(start));
  expect(readSettings({}).names.filter((name) => !isNamed(name) && name !== "DATABASE_URL")).toEqual([]);
});

test("every npm script that the documents name exists, and so does every file that they link to", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
  for (const path of ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md", ...PACKAGES]) {
    const text = readFileSync(path, "utf8");
    const named = [...text.matchAll(/npm (?:run )?(start|test|(?<=run )[\w:-]+)/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    const links = [...text.matchAll(/\]\((?!http)([^)#]+)\)/g)].map(([, link = ""]) => link);
    expect(links.filter((link) => !existsSync(join(dirname(path), link)))).toEqual([]);
  }
});

test("every file that the documents name is in the repository", () => {
  const { stdout } = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" });
  const known = new Set(stdout.split("\n").map((path) => basename(path)));
  for (const path of ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", ...PACKAGES]) {
    const named = [...readFileSync(path, "utf8").matchAll(/`([\w./-]+\.(?:ts|tsx|js|css|sh))`/g)].map(
      ([, name = ""]) => name,
    );
    expect(named.filter((name) => name !== "x.test.ts" && !known.has(basename(name)))).toEqual([]);
  }
});

test("the pictures are small enough to be looked at anywhere, and each is shown", () => {
  const shown = [...readme.matchAll(/!\[[^\]]+\]\((docs\/pictures\/[^)]+)\)/g)].map(([, path = ""]) => path);
  const taken = readdirSync("docs/pictures").map((name) => `docs/pictures/${name}`);
  expect(shown.toSorted()).toEqual(taken.toSorted());
  expect(taken.filter((path) => statSync(path).size > 150_000)).toEqual([]);
});
