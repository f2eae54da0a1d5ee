/** A copy of the sources in which one rule is broken: the sources themselves are never touched. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawn } from "node:child_process";

/** One deliberate fault: a text in one file that is replaced by another. */
export interface Mutant {
  readonly name: string;
  /** The rule that it breaks. */
  readonly rule: string;
  /** The file, from the repository's root. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

/** How long a mutant is looked at. */
export interface Effort {
  readonly seeds: number;
  readonly steps: number;
}

/** What became of a mutant. */
export interface Verdict {
  readonly mutant: Mutant;
  readonly isCaught: boolean;
  /** How many seeds it took, the one that failed included. */
  readonly seeds: number;
  /** What the failing seed said: a rule, or the kind of an error. */
  readonly saidRule: string;
  readonly detail: string;
}

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const PACKAGES = ["protocol", "sync-client", "sync-server"];
/** A mutant that makes a run hang is caught as well, only less politely; one that is merely slow says how far it is. */
const SILENCE_MS = 120_000;

export class Workshop {
  readonly #folder = mkdtempSync(join(tmpdir(), "instep-mutants-"));

  constructor() {
    for (const name of PACKAGES) this.#copyPackage(name);
    cpSync(join(ROOT, "simulation"), join(this.#folder, "simulation"), {
      recursive: true,
      filter: (path) => !path.includes("node_modules"),
    });
    writeFileSync(join(this.#folder, "package.json"), `{"type":"module"}`);
    this.#linkModules();
  }

  /** The seeds that fail without any mutant: they would prove nothing. */
  async failingSeeds({ seeds, steps }: Effort): Promise<readonly number[]> {
    const args = ["--seeds", String(seeds), "--steps", String(steps), "--keep-going"];
    const { output } = await run(this.#folder, args);
    const lists = [...output.matchAll(/failed \d+ times: seeds ([\d, ]+)/g)];
    return lists.flatMap(([, list]) => (list ?? "").split(",").map(Number));
  }

  /** Runs up to `seeds` seeds of `steps` steps against the mutant. Throws where its text does not stand exactly once. */
  async judge(mutant: Mutant, { seeds, steps }: Effort, skipped: readonly number[]): Promise<Verdict> {
    const path = join(this.#folder, mutant.file);
    const source = readFileSync(path, "utf8");
    writeFileSync(path, mutate(mutant, source));
    try {
      const args = ["--seeds", String(seeds), "--steps", String(steps), "--no-shrink", "--skip", skipped.join()];
      const { output, code } = await run(this.#folder, args);
      return verdict(mutant, { output, code, seeds });
    } finally {
      writeFileSync(path, source);
    }
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #copyPackage(name: string): void {
    const from = join(ROOT, "packages", name);
    const to = join(this.#folder, "packages", name);
    mkdirSync(to, { recursive: true });
    cpSync(join(from, "src"), join(to, "src"), { recursive: true });
    cpSync(join(from, "package.json"), join(to, "package.json"));
  }

  /** Everything from the registry as it is; our own packages from the copy. */
  #linkModules(): void {
    const modules = join(this.#folder, "node_modules");
    mkdirSync(join(modules, "@instep"), { recursive: true });
    for (const name of readdirSync(join(ROOT, "node_modules"))) {
      if (name === "@instep" || name.startsWith(".")) continue;
      symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
    }
    for (const name of PACKAGES) symlinkSync(join(this.#folder, "packages", name), join(modules, "@instep", name));
  }
}

/** The source with the fault in it. Throws where the text does not stand there exactly once. */
export function mutate({ name, find, replace, file }: Mutant, source: string): string {
  const times = source.split(find).length - 1;
  if (times !== 1) throw new Error(`The text of mutant "${name}" stands ${times} times in ${file}`);
  return source.replace(find, () => replace);
}

/** The repository's source of a mutant's file. */
export function sourceOf({ file }: Mutant): string {
  return readFileSync(join(ROOT, file), "utf8");
}

interface RunResult {
  readonly output: string;
  readonly code: number | null;
}

function run(folder: string, args: readonly string[]): Promise<RunResult> {
  const program = join(folder, "simulation", "run.ts");
  const child = spawn(process.execPath, ["--conditions=@instep/source", program, ...args], { cwd: folder });
  let output = "";
  const timer = setTimeout(() => child.kill("SIGKILL"), SILENCE_MS);
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      timer.refresh();
    });
  }
  return new Promise((resolve) => {
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ output, code });
    });
  });
}

function verdict(mutant: Mutant, { output, code, seeds }: RunResult & { readonly seeds: number }): Verdict {
  const failed = /Seed (\d+) fails: (?:\[([A-Z]+-\d+)\] )?(.*)/.exec(output);
  const [, seed, rule, detail] = failed ?? [];
  const isCaught = code !== 0;
  const said = isCaught ? (rule ?? (code === null ? "hangs" : "throws")) : "";
  return {
    mutant,
    isCaught,
    seeds: Number(seed ?? seeds),
    saidRule: said,
    detail: isCaught ? (detail ?? output.slice(-300)) : "",
  };
}
