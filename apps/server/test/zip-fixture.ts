/** Writes small .zip files for tests. */
import { deflateRawSync } from "node:zlib";

const NO_EXTRA = { local: 0, directory: 0, comment: 0 };

/** A zip file of these texts; `isPacked` false stores them as they are. The extra fields of both headers, and the comments, may differ. */
export function makeZip(
  files: Readonly<Record<string, string>>,
  isPacked = true,
  extra: { readonly local: number; readonly directory: number; readonly comment: number } = NO_EXTRA,
): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const data = Buffer.from(text);
    const packed = isPacked ? deflateRawSync(data) : data;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(isPacked ? 8 : 0, 8);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(data.length, 22);
    local.writeUInt16LE(Buffer.byteLength(name), 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    local.copy(entry, 6, 4, 30);
    entry.writeUInt32LE(offset, 42);
    local.writeUInt16LE(extra.local, 28);
    entry.writeUInt16LE(extra.directory, 30);
    entry.writeUInt16LE(extra.comment, 32);
    locals.push(local, Buffer.from(name), extraField(extra.local), packed);
    directory.push(entry, Buffer.from(name), extraField(extra.directory), Buffer.alloc(extra.comment, 0x50));
    offset += 30 + Buffer.byteLength(name) + extra.local + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}

/** One field of a kind that no reader knows, with the letters in it that zip files are told by. */
function extraField(length: number): Buffer {
  const field = Buffer.alloc(length, 0x50);
  if (length === 0) return field;
  field.writeUInt16LE(0xcafe, 0);
  field.writeUInt16LE(length - 4, 2);
  return field;
}
