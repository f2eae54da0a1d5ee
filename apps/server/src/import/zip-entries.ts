/** The entries of a .zip file and their bytes, read from the disk as a stream: as much of the format as ChatGPT's download uses. */
import { createReadStream } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { createInflateRaw } from "node:zlib";
import { BrokenFileError } from "./json-elements.ts";

export interface ZipEntry {
  readonly name: string;
  /** Bytes once unpacked. */
  readonly size: number;
  /** The unpacked bytes. Breaks off with an error where the packed ones are damaged. */
  open(): AsyncIterable<Uint8Array>;
}

const END_SIGNATURE = 0x06054b50;
const DIRECTORY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_LENGTH = 22;
const MAX_COMMENT_LENGTH = 0xffff;
const DIRECTORY_ENTRY_LENGTH = 46;
const LOCAL_HEADER_LENGTH = 30;
/** What stands where a number needs zip64, and where the entry is encrypted. */
const IN_ZIP64 = 0xffffffff;
const ENCRYPTED = 1;

/** Lists a zip file's entries. Throws `BrokenFileError` where it is none, is cut, or uses what this reader doesn't know. */
export async function readZipEntries(path: string): Promise<readonly ZipEntry[]> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const tail = await readAt(file, Math.max(0, size - END_LENGTH - MAX_COMMENT_LENGTH), size);
    const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
    if (end === -1 || end + END_LENGTH > tail.length || tail.readUInt32LE(end) !== END_SIGNATURE) {
      throw new BrokenFileError("The .zip file is cut or damaged; download it again.");
    }
    const length = tail.readUInt32LE(end + 12);
    const offset = tail.readUInt32LE(end + 16);
    if (offset === IN_ZIP64 || length === IN_ZIP64) throw new BrokenFileError(UNPACK_IT);
    // Before room is made for it: what a file says of itself may be anything.
    if (offset + length > size) throw new BrokenFileError("The .zip file is cut or damaged; download it again.");
    return readDirectory(path, await readAt(file, offset, offset + length));
  } finally {
    await file.close();
  }
}

/** No export packs so well, beyond what any may: what does is made to fill a memory or a disk [SAFE-7]. */
const MOST_TIMES = 200;
const ALWAYS_TAKEN_BYTES = 32 * 1024 * 1024;
const BOMB = `The .zip file unpacks to more than ${MOST_TIMES} times its size, as no export does, and is not read.`;

const UNPACK_IT = "This .zip is of a kind that is not read directly; unpack it and import its conversations.json.";

function readDirectory(path: string, directory: Buffer): readonly ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = 0;
  while (at + DIRECTORY_ENTRY_LENGTH <= directory.length && directory.readUInt32LE(at) === DIRECTORY_SIGNATURE) {
    const nameLength = directory.readUInt16LE(at + 28);
    const name = directory.toString("utf8", at + DIRECTORY_ENTRY_LENGTH, at + DIRECTORY_ENTRY_LENGTH + nameLength);
    const entry = {
      flags: directory.readUInt16LE(at + 8),
      method: directory.readUInt16LE(at + 10),
      packedSize: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    };
    entries.push({ name, size: entry.size, open: () => unpack(path, entry) });
    at += DIRECTORY_ENTRY_LENGTH + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

interface PackedEntry {
  readonly flags: number;
  readonly method: number;
  readonly packedSize: number;
  readonly size: number;
  readonly offset: number;
}

async function* unpack(path: string, entry: PackedEntry): AsyncGenerator<Uint8Array> {
  const isKnown = entry.method === 0 || entry.method === 8;
  const isLarge = [entry.packedSize, entry.size, entry.offset].includes(IN_ZIP64);
  if (!isKnown || isLarge || (entry.flags & ENCRYPTED) !== 0) throw new BrokenFileError(UNPACK_IT);
  if (entry.packedSize === 0) return;
  const start = await dataOffset(path, entry.offset);
  const packed = createReadStream(path, { start, end: start + entry.packedSize - 1 });
  if (entry.method === 0) {
    yield* packed;
    return;
  }
  const unpacked = createInflateRaw();
  packed.on("error", (error) => unpacked.destroy(error));
  try {
    let length = 0;
    for await (const bytes of packed.pipe(unpacked)) {
      const piece = bytes as Uint8Array;
      length += piece.length;
      if (length > Math.max(ALWAYS_TAKEN_BYTES, MOST_TIMES * entry.packedSize)) throw new BrokenFileError(BOMB);
      yield piece;
    }
  } catch (cause) {
    if (cause instanceof BrokenFileError) throw cause;
    throw new BrokenFileError("The .zip file is damaged; download it again.", { cause });
  } finally {
    packed.destroy();
  }
}

/** The local header repeats the name, and its own length is the only one that says where the data begins. */
async function dataOffset(path: string, offset: number): Promise<number> {
  const file = await open(path);
  try {
    const header = await readAt(file, offset, offset + LOCAL_HEADER_LENGTH);
    if (header.length < LOCAL_HEADER_LENGTH || header.readUInt32LE(0) !== LOCAL_SIGNATURE) {
      throw new BrokenFileError("The .zip file is damaged; download it again.");
    }
    return offset + LOCAL_HEADER_LENGTH + header.readUInt16LE(26) + header.readUInt16LE(28);
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.max(0, end - start));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
  return buffer.subarray(0, bytesRead);
}
