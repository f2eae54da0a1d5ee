/** The linter's rules bite: a file that breaks one is reported, and its neighbour that may do the same is not. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const lines = (count: number): string => `export const one = 1;\n${"// One of many.\n".repeat(count - 1)}`;
const imports = (name: string): string => `import { something } from "${name}";\nexport const same = something;\n`;
const ARROWS = "no-restricted-imports";

/** What each scratch file holds, and the rule that it breaks; null where it is allowed. */
const scratch: readonly (readonly [path: string, source: string, rule: string | null])[] = [
  ["packages/protocol/src/arrow.ts", imports("@instep/sync-client"), ARROWS],
  ["packages/protocol/src/node-arrow.ts", imports("node:fs"), ARROWS],
  ["packages/sync-client/src/arrow.ts", imports("@instep/sync-server"), ARROWS],
  ["packages/sync-client/src/storage-arrow.ts", imports("@instep/sync-server/sqlite"), ARROWS],
  ["packages/sync-client/src/node-arrow.ts", imports("node:fs"), ARROWS],
  ["packages/sync-client/src/fine.ts", imports("@instep/protocol"), null],
  ["packages/sync-server/src/arrow.ts", imports("@instep/sync-client"), ARROWS],
  ["packages/sync-server/src/database-arrow.ts", imports("better-sqlite3"), ARROWS],
  ["packages/sync-server/src/adapter-arrow.ts", imports("./storage/sqlite/sqlite-storage.ts"), ARROWS],
  ["packages/sync-server/src/storage/sqlite/fine.ts", imports("better-sqlite3"), null],
  ["packages/sync-server/src/storage/sqlite/arrow.ts", imports("@instep/sync-client"), ARROWS],
  ["apps/server/src/arrow.ts", imports("@instep/sync-client"), ARROWS],
  ["apps/server/src/fine.ts", imports("@instep/sync-server"), null],
  ["apps/server/src/call-arrow.ts", imports("./http/security-headers.ts"), ARROWS],
  ["apps/server/src/client-arrow.ts", imports("@instep/sync-client"), ARROWS],
  ["apps/server/src/compose.ts", imports("./routes/health.ts"), null],
  ["apps/server/src/app.ts", imports("@instep/sync-client"), ARROWS],
  ["apps/server/src/http/arrow.ts", imports("../routes/route-answers.ts"), ARROWS],
  ["apps/server/src/http/client-arrow.ts", imports("@instep/sync-client"), ARROWS],
  ["apps/server/src/http/fine.ts", imports("../problems.ts"), null],
  ["apps/server/src/accounts/storage/arrow.ts", imports("../../http/event-stream.ts"), ARROWS],
  ["apps/server/src/generation/arrow.ts", imports("../app-context.ts"), ARROWS],
  ["apps/server/src/push/client-arrow.ts", imports("@instep/sync-client"), ARROWS],
  ["apps/server/src/settings/arrow.ts", imports("../http/security-headers.ts"), ARROWS],
  ["apps/server/src/data-folder/arrow.ts", imports("../routes/route-answers.ts"), ARROWS],
  ["apps/server/src/limits/arrow.ts", imports("../routes/route-answers.ts"), ARROWS],
  ["apps/server/src/limits/fine.ts", imports("../once.ts"), null],
  ["apps/server/src/import/fine.ts", imports("../json-value.ts"), null],
  ["apps/web/src/sidebar/arrow.tsx", imports("@instep/sync-client"), ARROWS],
  ["apps/web/src/sync/arrow.ts", imports("@instep/sync-server"), ARROWS],
  ["apps/web/src/sync/feature-arrow.ts", imports("../sidebar/conversation-row.tsx"), ARROWS],
  ["apps/web/src/sync/toast-arrow.ts", imports("../toasts/toast-store.ts"), ARROWS],
  ["apps/web/src/sync/page-arrow.ts", imports("../app.tsx"), ARROWS],
  ["apps/web/src/sync/fine.ts", `${imports("@instep/sync-client")}export * from "../environment.ts";\n`, null],
  ["apps/web/src/keyboard/feature-arrow.ts", imports("../composer/enter-key.ts"), ARROWS],
  ["apps/web/src/time/sync-arrow.ts", imports("../sync/device.ts"), ARROWS],
  ["apps/web/src/time/client-arrow.ts", imports("@instep/sync-client"), ARROWS],
  ["apps/web/src/time/fine.ts", `${imports("../words/words.ts")}export * from "../environment.ts";\n`, null],
  ["apps/web/src/app.tsx", imports("@instep/sync-client"), ARROWS],
  ["apps/web/src/notices/late-arrow.ts", 'export const late = () => import("@instep/sync-client");\n', ARROWS],
  ["apps/web/src/notices/source-arrow.ts", imports("../../../../packages/sync-client/src/failure.ts"), ARROWS],
  ["apps/web/src/notices/fine.ts", imports("../sync/device.ts"), null],

  ["packages/sync-client/src/now.ts", "export const now = (): number => Date.now();\n", "no-restricted-properties"],
  ["packages/sync-client/src/date.ts", "export const now = (): Date => new Date();\n", "no-restricted-globals"],
  [
    "packages/sync-client/src/chance.ts",
    "export const chance = (): number => Math.random();\n",
    "no-restricted-properties",
  ],
  [
    "packages/sync-client/src/timer.ts",
    "export const wait = (): unknown => setTimeout(() => {}, 1);\n",
    "no-restricted-globals",
  ],
  [
    "packages/sync-client/src/global.ts",
    "export const page = (): unknown => globalThis.document;\n",
    "no-restricted-globals",
  ],
  ["packages/sync-client/src/network.ts", 'export const ask = (): unknown => fetch("/");\n', "no-restricted-globals"],
  ["packages/sync-client/src/environment.ts", "export const now = (): number => Date.now();\n", null],
  [
    "packages/sync-client/src/local-store/adapter.ts",
    "export const now = (): number => Date.now();\n",
    "no-restricted-properties",
  ],
  ["packages/sync-client/src/transport/adapter.ts", 'export const ask = (): unknown => fetch("/");\n', null],
  ["packages/sync-server/src/settings.ts", "export const settings = process.env;\n", "no-restricted-globals"],
  ["packages/sync-server/src/said.ts", 'export const say = (): void => console.log("");\n', "no-console"],
  ["apps/server/src/said.ts", 'export const say = (): void => console.log("");\n', "no-console"],

  ["apps/server/src/long.ts", lines(301), "max-lines"],
  ["apps/server/src/long-enough.ts", lines(300), null],
  [
    "apps/server/src/function.ts",
    `export function long(): void {\n${"  // One of many.\n".repeat(80)}}\n`,
    "max-lines-per-function",
  ],
  [
    "apps/server/src/parameters.ts",
    "export const sum = (a: number, b: number, c: number, d: number): number => a + b + c + d;\n",
    "max-params",
  ],
  ["apps/server/src/any.ts", "export const anything: any = 1;\n", "no-explicit-any"],
  ["apps/server/src/bang.ts", "export const sure = (a: string | null): string => a!;\n", "no-non-null-assertion"],
  [
    "apps/server/src/empty.ts",
    "export function calm(act: () => void): void {\n  try {\n    act();\n  } catch {}\n}\n",
    "no-empty",
  ],
  ["apps/server/src/cycle-a.ts", 'import { b } from "./cycle-b.ts";\nexport const a = (): unknown => b;\n', "no-cycle"],
  ["apps/server/src/cycle-b.ts", 'import { a } from "./cycle-a.ts";\nexport const b = (): unknown => a;\n', "no-cycle"],
  [
    "apps/server/src/promise.ts",
    "export function forget(act: () => Promise<void>): void {\n  act();\n}\n",
    "no-floating-promises",
  ],
  [
    "apps/server/src/switch.ts",
    'export function one(kind: "a" | "b"): number {\n  switch (kind) {\n    case "a":\n      return 1;\n  }\n  return 2;\n}\n',
    "switch-exhaustiveness-check",
  ],
  ["apps/server/src/route.test.ts", lines(301), null],
  ["apps/server/src/long.test.ts", lines(501), "max-lines"],
  ["simulation/long.ts", lines(301), "max-lines"],
  ["packages/sync-client/test/long.ts", lines(301), "max-lines"],
];

let folder = "";
let reported: Map<string, string[]>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-lint-"));
  for (const name of [".oxlintrc.json", "tsconfig.base.json"]) cpSync(name, join(folder, name));
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  const project = { extends: "./tsconfig.base.json", compilerOptions: { jsx: "react-jsx", lib: ["es2024", "dom"] } };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(project));
  for (const [path, source] of scratch) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), source);
  }
  reported = lint(folder);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(scratch)("the linter judges %s rightly", (path, _source, rule) => {
  const rules = reported.get(path) ?? [];
  if (rule === null) expect(rules).toEqual([]);
  else expect(rules.join(" ")).toContain(rule);
});

/** The rules that each file breaks, by its path. */
function lint(cwd: string): Map<string, string[]> {
  const binary = join(cwd, "node_modules/oxlint/bin/oxlint");
  const { stdout, stderr } = spawnSync(process.execPath, [binary, "--type-aware", "--format=json", "."], {
    cwd,
    encoding: "utf8",
  });
  const rulesByFile = new Map<string, string[]>();
  const start = stdout.indexOf("{");
  expect(start, `the linter's report: ${stdout}${stderr}`).toBeGreaterThanOrEqual(0);
  const report = JSON.parse(stdout.slice(start)) as { diagnostics: { filename: string; code: string }[] };
  for (const { filename, code } of report.diagnostics) {
    rulesByFile.set(filename, [...(rulesByFile.get(filename) ?? []), code]);
  }
  return rulesByFile;
}
