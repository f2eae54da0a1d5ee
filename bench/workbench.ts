/** What every measurement is given: servers, databases of any size, folders, and a way to say how far it is. Cleans up after all of them. */
import { mkdtempSync, rmSync } from "node:fs";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fill, type DataSet, type Shape } from "./data-set.ts";
import { ServerProcess } from "./server-process.ts";
import type { Role } from "./servers/role.ts";

const LINE_EVERY_MS = 10_000;

export class Workbench {
  /** Tiny sizes and short rounds: to see that everything works, not to measure. */
  readonly isQuick: boolean;
  readonly #root = mkdtempSync(join(tmpdir(), "instep-bench-"));
  readonly #dataSets = new Map<string, Promise<DataSet>>();
  #servers: ServerProcess[] = [];
  #folders: string[] = [];
  #lastLineAt = 0;

  constructor(isQuick: boolean) {
    this.isQuick = isQuick;
  }

  /** One of two sizes or lengths. */
  size<T>(full: T, quick: T): T {
    return this.isQuick ? quick : full;
  }

  /** An empty folder that goes with the next `cleanUp`. */
  folder(): string {
    const folder = mkdtempSync(join(this.#root, "folder-"));
    this.#folders.push(folder);
    return folder;
  }

  /** A server that ends with the next `cleanUp`. */
  async serve(role: Role): Promise<ServerProcess> {
    const server = await ServerProcess.start(role);
    this.#servers.push(server);
    return server;
  }

  /** A database of that shape for one server to write in. It is made once; whoever asks again gets a fresh copy. */
  async data(shape: Shape): Promise<DataSet> {
    const key = JSON.stringify(shape);
    const made = this.#dataSets.get(key) ?? this.#make(shape);
    this.#dataSets.set(key, made);
    const { folder, ids } = await made;
    const copy = this.folder();
    await cp(folder, copy, { recursive: true });
    return { folder: copy, ids };
  }

  /** Says how far it is: over and over in one line on a terminal, now and then elsewhere. */
  progress(text: string): void {
    if (process.stderr.isTTY) return void process.stderr.write(`\r\x1b[K${text}`);
    if (performance.now() - this.#lastLineAt < LINE_EVERY_MS && this.#lastLineAt > 0) return;
    this.#lastLineAt = performance.now();
    process.stderr.write(`${text}\n`);
  }

  /** Ends the servers and removes the folders of one measurement. */
  async cleanUp(): Promise<void> {
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
    await Promise.all(this.#servers.map((server) => server.stop()));
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
    this.#servers = [];
    this.#folders = [];
  }

  /** Removes everything that is left, at once. */
  close(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #make(shape: Shape): Promise<DataSet> {
    const folder = mkdtempSync(join(this.#root, "data-"));
    return fill(folder, shape, (done) => {
      this.progress(`filling a database: ${done} of ${shape.conversations} conversations`);
    });
  }
}
