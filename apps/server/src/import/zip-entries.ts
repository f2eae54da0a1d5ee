/** The entries of a .zip file and their bytes, read from the disk as a stream, large files and many entries too. */
import yauzl, { type Entry, type ZipFile } from "yauzl";
import { BrokenFileError } from "./json-elements.ts";

export interface ZipEntry {
  readonly name: string;
  /** Bytes once unpacked. */
  readonly size: number;
  /** The unpacked bytes. Breaks off with an error where the packed ones are damaged. */
  open(): AsyncIterable<Uint8Array>;
}

/** No export packs so well, beyond what any may: what does is made to fill a memory or a disk [SAFE-7]. */
const MOST_TIMES = 200;
const ALWAYS_TAKEN_BYTES = 32 * 1024 * 1024;
const BOMB = `The .zip file unpacks to more than ${MOST_TIMES} times its size, as no export does, and is not read.`;
const DAMAGED = "The .zip file is cut or damaged; download it again.";
const UNPACK_IT = "This .zip is of a kind that is not read directly; unpack it and import its conversations.json.";

/** Lists a zip file's entries. Throws `BrokenFileError` where it is none, is cut, or uses what this reader doesn't know. */
export async function readZipEntries(path: string): Promise<readonly ZipEntry[]> {
  const entries: ZipEntry[] = [];
  try {
    for await (const { entry } of entriesOf(path)) {
      const number = entries.length;
      const name = entry.fileNameRaw.toString("utf8");
      entries.push({ name, size: entry.uncompressedSize, open: () => unpack(path, number) });
    }
  } catch (error) {
    throw broken(error);
  }
  return entries;
}

/** Opens the file anew, so that nobody has to close it who only lists it; `number` counts its entries from 0. */
async function* unpack(path: string, number: number): AsyncGenerator<Uint8Array> {
  let passed = 0;
  try {
    for await (const { zip, entry } of entriesOf(path)) {
      if (passed++ < number) continue;
      if (!entry.canDecodeFileData()) throw new BrokenFileError(UNPACK_IT);
      yield* bounded(await zip.openReadStreamPromise(entry), entry.compressedSize);
      return;
    }
  } catch (error) {
    throw broken(error);
  }
}

async function* bounded(pieces: AsyncIterable<Uint8Array>, packedSize: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > Math.max(ALWAYS_TAKEN_BYTES, MOST_TIMES * packedSize)) throw new BrokenFileError(BOMB);
    yield piece;
  }
}

/** Holds the file open until whoever reads goes away. */
async function* entriesOf(path: string): AsyncGenerator<{ readonly zip: ZipFile; readonly entry: Entry }> {
  // A name says nothing here but which entry it is: one that would lead out of a folder leads nowhere.
  const zip = await yauzl.openPromise(path, { decodeStrings: false });
  try {
    for await (const entry of zip.eachEntry()) yield { zip, entry };
  } finally {
    zip.close();
  }
}

function broken(cause: unknown): BrokenFileError {
  return cause instanceof BrokenFileError ? cause : new BrokenFileError(DAMAGED, { cause });
}
