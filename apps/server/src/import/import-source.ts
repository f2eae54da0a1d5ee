/** Where conversations come from: a JSON file, a .zip as it was downloaded, or the folder that it unpacks to. */
import { accessSync, constants, createReadStream, fstat, read } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { codeOf } from "../code-of.ts";
import { BrokenFileError } from "./json-elements.ts";
import { readZipEntries } from "./zip-entries.ts";

/** One JSON file of conversations. */
export interface SourceFile {
  readonly name: string;
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
}

/** `conversations.json`, or the numbered parts that large exports come in. */
const CONVERSATIONS_FILE = /^conversations(?:-\d+)?\.json$/;
const READ_SIZE = 256 * 1024;
const readAt = promisify(read);

/** Throws `BrokenFileError` where nothing is there, or it may not be read. */
export function requireSource(path: string): void {
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    throw new BrokenFileError(describeMissing(path, error));
  }
}

/** Finds what is to be read, and holds it open while `use` reads. Throws `BrokenFileError` where there is nothing, or it can't be read. */
export async function withSource<T>(path: string, use: (files: readonly SourceFile[]) => Promise<T>): Promise<T> {
  const file = await open(path).catch((error: unknown) => {
    throw new BrokenFileError(describeMissing(path, error));
  });
  try {
    const status = await file.stat();
    if (status.isDirectory()) return await use(await filesOfFolder(path));
    if (!status.isFile()) throw new BrokenFileError(`${path} can't be read from any place; save it as a file first.`);
    return await use(await filesIn(file.fd, `The file ${path}`));
  } finally {
    await file.close();
  }
}

/**
 * What is to be read in an open file, which stays open: its descriptor is its opener's to close, also where the thread that reads it is
 * ended in the middle. `called` is the file in a sentence. Throws `BrokenFileError` where there is nothing.
 */
export async function filesIn(descriptor: number, called: string): Promise<readonly SourceFile[]> {
  if (await isZip(descriptor)) return filesOfZip(descriptor, called);
  const { size } = await promisify(fstat)(descriptor);
  return [{ name: called, size, open: () => bytesOf(descriptor) }];
}

/** Not a stream of the file's: one that is left before its end closes what it reads. */
async function* bytesOf(descriptor: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; ;) {
    const { buffer, bytesRead } = await readAt(descriptor, Buffer.alloc(READ_SIZE), 0, READ_SIZE, at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

async function filesOfFolder(path: string): Promise<readonly SourceFile[]> {
  const names = (await readdir(path)).filter((name) => CONVERSATIONS_FILE.test(name)).sort();
  if (names.length === 0) throw new BrokenFileError(`The folder ${path} has no conversations.json.`);
  return Promise.all(names.map((name) => fileOfFolder(join(path, name))));
}

async function fileOfFolder(path: string): Promise<SourceFile> {
  const { size } = await stat(path);
  return { name: path, size, open: () => createReadStream(path, { highWaterMark: READ_SIZE }) };
}

async function filesOfZip(descriptor: number, called: string): Promise<readonly SourceFile[]> {
  const entries = await readZipEntries(descriptor, (name) => CONVERSATIONS_FILE.test(basename(name)));
  const found = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (found.length === 0) throw new BrokenFileError(`${called} has no conversations.json inside.`);
  return found;
}

async function isZip(descriptor: number): Promise<boolean> {
  const { buffer, bytesRead } = await readAt(descriptor, Buffer.alloc(4), 0, 4, 0);
  return bytesRead === 4 && buffer.toString("latin1") === "PK\u0003\u0004";
}

function describeMissing(path: string, error: unknown): string {
  const code = codeOf(error);
  if (code === "ENOENT") return `There is no file ${path}.`;
  if (code === "EACCES" || code === "EPERM") return `The file ${path} may not be read by this user.`;
  return `The file ${path} can't be read (${code ?? String(error)}).`;
}
