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
/** An export has a hundred conversations in each. */
const MOST_PARTS = 10_000;
const BOMB = `The .zip file unpacks to more than ${MOST_TIMES} times its size, as no export does, and is not read.`;
const TOO_MANY = `The .zip file has over ${MOST_PARTS.toLocaleString("en")} parts with conversations, as no export has, and is not read.`;
const SHARED = "The .zip file has parts that share their bytes, as no export has, and is not read.";
const DAMAGED = "The .zip file is cut or damaged; download it again.";
const UNPACK_IT = "This .zip is of a kind that is not read directly; unpack it and import its conversations.json.";
/** What an entry has before its bytes, and its name. */
const LOCAL_HEADER_BYTES = 30;

/** Counts what is unpacked. Throws where that is too much. */
type Count = (bytes: number) => void;

/**
 * Lists the entries of an open zip file whose names are meant, for as long as it stays open: its directory is read once. Throws
 * `BrokenFileError` where it is none, is cut, uses what this reader doesn't know, or has more or other parts than an export.
 */
export async function readZipEntries(
  descriptor: number,
  isMeant: (name: string) => boolean,
): Promise<readonly ZipEntry[]> {
  try {
    // A name says nothing here but which entry it is: one that would lead out of a folder leads nowhere.
    const zip = await yauzl.fromFdPromise(descriptor, { decodeStrings: false });
    const count = countUpTo(Math.max(ALWAYS_TAKEN_BYTES, MOST_TIMES * zip.fileSize));
    const entries: Entry[] = [];
    const found: ZipEntry[] = [];
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileNameRaw.toString("utf8");
      if (!isMeant(name)) continue;
      if (entries.push(withoutExtras(entry)) > MOST_PARTS) throw new BrokenFileError(TOO_MANY);
      found.push({ name, size: entry.uncompressedSize, open: () => unpack(zip, entry, count) });
    }
    refuseShared(entries);
    return found;
  } catch (error) {
    throw broken(error);
  }
}

/** One sum for the whole file, of the bytes that came out of it: what its directory says of them proves nothing. */
function countUpTo(limit: number): Count {
  let sum = 0;
  return (bytes) => {
    sum += bytes;
    if (sum > limit) throw new BrokenFileError(BOMB);
  };
}

/** Lets go of what the directory says besides, up to 128 kB of each entry. */
function withoutExtras(entry: Entry): Entry {
  const nothing = Buffer.alloc(0);
  return Object.assign(entry, {
    fileNameRaw: nothing,
    fileName: "",
    extraFieldRaw: nothing,
    extraFields: [],
    fileCommentRaw: nothing,
    fileComment: "",
    comment: "",
  });
}

/** Each byte is unpacked once: so no file can be read for longer than its size accounts for. */
function refuseShared(entries: readonly Entry[]): void {
  const starts = entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  let end = 0;
  for (const { relativeOffsetOfLocalHeader: start, compressedSize } of starts) {
    if (start < end) throw new BrokenFileError(SHARED);
    end = start + LOCAL_HEADER_BYTES + compressedSize;
  }
}

async function* unpack(zip: ZipFile, entry: Entry, count: Count): AsyncGenerator<Uint8Array> {
  if (!entry.canDecodeFileData()) throw new BrokenFileError(UNPACK_IT);
  try {
    for await (const piece of await zip.openReadStreamPromise(entry)) {
      const bytes = piece as Uint8Array;
      count(bytes.length);
      yield bytes;
    }
  } catch (error) {
    throw broken(error);
  }
}

function broken(cause: unknown): BrokenFileError {
  return cause instanceof BrokenFileError ? cause : new BrokenFileError(DAMAGED, { cause });
}
