/** Where conversations come from: a JSON file, a .zip as it was downloaded, or the folder that it unpacks to. */
import { createReadStream } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
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

/** Finds what is to be read; `called` is the file in a sentence. Throws `BrokenFileError` where there is nothing, or it can't be read. */
export async function findSourceFiles(path: string, called = `The file ${path}`): Promise<readonly SourceFile[]> {
  const status = await stat(path).catch((error: unknown) => {
    throw new BrokenFileError(describeMissing(path, error));
  });
  if (status.isDirectory()) return filesOfFolder(path);
  if (await isZip(path)) return filesOfZip(path, called);
  return [fileOnDisk(path, status.size)];
}

async function filesOfFolder(path: string): Promise<readonly SourceFile[]> {
  const names = (await readdir(path)).filter((name) => CONVERSATIONS_FILE.test(name)).sort();
  if (names.length === 0) throw new BrokenFileError(`The folder ${path} has no conversations.json.`);
  return Promise.all(names.map(async (name) => fileOnDisk(join(path, name), (await stat(join(path, name))).size)));
}

async function filesOfZip(path: string, called: string): Promise<readonly SourceFile[]> {
  const entries = await readZipEntries(path);
  const found = entries
    .filter((entry) => CONVERSATIONS_FILE.test(basename(entry.name)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  if (found.length === 0) throw new BrokenFileError(`${called} has no conversations.json inside.`);
  return found;
}

function fileOnDisk(path: string, size: number): SourceFile {
  return { name: path, size, open: () => createReadStream(path, { highWaterMark: READ_SIZE }) };
}

async function isZip(path: string): Promise<boolean> {
  const file = await open(path).catch((error: unknown) => {
    throw new BrokenFileError(describeMissing(path, error));
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.toString("latin1") === "PK\u0003\u0004";
  } finally {
    await file.close();
  }
}

function describeMissing(path: string, error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT") return `There is no file ${path}.`;
  if (code === "EACCES" || code === "EPERM") return `The file ${path} may not be read by this user.`;
  return `The file ${path} can't be read (${code || String(error)}).`;
}
