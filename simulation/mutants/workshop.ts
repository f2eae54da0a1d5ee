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

/** Which program is run against a fault, from the repository's root. */
type Judging = "simulation/run.ts" | "simulation/chaos/run.ts";

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
const SILENCE_MS: Readonly<Record<Judging, number>> = {
  "simulation/run.ts": 120_000,
  // Says nothing while it waits for replies that should have been closed.
  "simulation/chaos/run.ts": 600_000,
};

export class Workshop {
  readonly #folder = mkdtempSync(join(tmpdir(), "instep-mutants-"));

  constructor() {
    for (const name of PACKAGES) this.#copyPackage(name);
    for (const name of ["simulation", "apps/server"]) this.#copy(name);
    writeFileSync(join(this.#folder, "package.json"), `{"type":"module"}`);
    this.#linkModules();
  }

  /** The seeds that fail without any mutant: they would prove nothing. */
  async failingSeeds({ seeds, steps }: Effort): Promise<readonly number[]> {
    const args = ["--seeds", String(seeds), "--steps", String(steps), "--keep-going"];
    const { output } = await this.run("simulation/run.ts", args);
    const lists = [...output.matchAll(/failed \d+ times: seeds ([\d, ]+)/g)];
    return lists.flatMap(([, list]) => (list ?? "").split(",").map(Number));
  }

  /** Runs up to `seeds` seeds of `steps` steps against the mutant. Throws where its text does not stand exactly once. */
  async judge(mutant: Mutant, { seeds, steps }: Effort, skipped: readonly number[]): Promise<Verdict> {
    const args = ["--seeds", String(seeds), "--steps", String(steps), "--no-shrink", "--skip", skipped.join()];
    const { output, code } = await this.tryOut(mutant, "simulation/run.ts", args);
    return verdict(mutant, { output, code, seeds });
  }

  /** Runs a program on sources with the fault in them. Throws where the fault's text does not stand exactly once. */
  async tryOut(mutant: Mutant, program: Judging, args: readonly string[]): Promise<RunResult> {
    const path = join(this.#folder, mutant.file);
    const source = readFileSync(path, "utf8");
    writeFileSync(path, mutate(mutant, source));
    try {
      return await this.run(program, args);
    } finally {
      writeFileSync(path, source);
    }
  }

  /** Runs a program on the sources as they are. */
  run(program: Judging, args: readonly string[]): Promise<RunResult> {
    return run(this.#folder, program, args);
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

  #copy(name: string): void {
    cpSync(join(ROOT, name), join(this.#folder, name), {
      recursive: true,
      filter: (path) => !path.includes("node_modules"),
    });
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

export interface RunResult {
  readonly output: string;
  readonly code: number | null;
}

function run(folder: string, program: Judging, args: readonly string[]): Promise<RunResult> {
  const script = join(folder, program);
  // A group of its own: what a run has started goes with it.
  const child = spawn(process.execPath, ["--conditions=@instep/source", script, ...args], {
    cwd: folder,
    detached: true,
  });
  let output = "";
  const end = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  };
  const timer = setTimeout(end, SILENCE_MS[program]);
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
