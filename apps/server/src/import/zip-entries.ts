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

/** Lists the entries of an open zip file, for as long as it stays open. Throws `BrokenFileError` where it is none, is cut, or uses what this reader doesn't know. */
export async function readZipEntries(descriptor: number): Promise<readonly ZipEntry[]> {
  const entries: ZipEntry[] = [];
  try {
    for await (const { entry } of entriesOf(descriptor)) {
      const number = entries.length;
      const name = entry.fileNameRaw.toString("utf8");
      entries.push({ name, size: entry.uncompressedSize, open: () => unpack(descriptor, number) });
    }
  } catch (error) {
    throw broken(error);
  }
  return entries;
}

/** Reads the directory anew; `number` counts its entries from 0. */
async function* unpack(descriptor: number, number: number): AsyncGenerator<Uint8Array> {
  let passed = 0;
  try {
    for await (const { zip, entry } of entriesOf(descriptor)) {
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

/** Leaves the file open. */
async function* entriesOf(descriptor: number): AsyncGenerator<{ readonly zip: ZipFile; readonly entry: Entry }> {
  // A name says nothing here but which entry it is: one that would lead out of a folder leads nowhere.
  const zip = await yauzl.fromFdPromise(descriptor, { decodeStrings: false });
  for await (const entry of zip.eachEntry()) yield { zip, entry };
}

function broken(cause: unknown): BrokenFileError {
  return cause instanceof BrokenFileError ? cause : new BrokenFileError(DAMAGED, { cause });
}
