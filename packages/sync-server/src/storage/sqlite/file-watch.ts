/** Whether the files that are written to are still the ones that a start would open: what is acknowledged must stand there [SAFE-3]. */
import { closeSync, openSync, readSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { StorageError } from "../storage-error.ts";

const LOG_HEADER = 32;
const FRAME_HEADER = 24;
const SALTS = 8;
const DATABASE_MAGIC = "SQLite format 3\0";
/** Where the file says how many pages it has. */
const PAGE_COUNT_AT = 28;
const DATABASE_HEADER = 32;
/** The first three bytes of a log, in either order of its checksums. */
const LOG_MAGIC = 0x37_7f_06;
/** How many frames of the log are looked at, spread over it. */
const SAMPLES = 8;
/** With less than this left, the next turn may not fit, though a small write still does. */
const FULL_BYTES = 65_536;

const PARTS = [
  { suffix: "", name: "file" },
  { suffix: "-wal", name: "log" },
  { suffix: "-shm", name: "log's index" },
];

export class FileWatch {
  readonly #path: string;
  readonly #pageSize: number;
  readonly #inodes = new Map<string, number>();
  /** The database's file: to close it takes this process's locks on it from everybody in the process, as POSIX has it. */
  #file: number | null = null;
  /** How long it was when it was whole. */
  #size = 0;
  /** What the last look found. */
  #damage: StorageError | null = null;

  /** To be made when the database has just been opened. */
  constructor(path: string, pageSize: number) {
    this.#path = path;
    this.#pageSize = pageSize;
    this.fault(0);
  }

  /** What is wrong with the files as they stand in their folder, or what the last look into them found; cheap enough for every commit. Null where nothing is. */
  fault(logPages: number): StorageError | null {
    return this.#damage ?? this.#faultNow(logPages);
  }

  /** Looks into the log too, at places that no overwriting would leave as they are. What it finds is a fault until a look finds it gone. */
  damage(logPages: number): StorageError | null {
    const isLogDamaged = () => logPages > 0 && !this.#isLogWhole(logPages);
    this.#damage = this.#faultNow(logPages) ?? (isLogDamaged() ? gone("The database's log is damaged") : null);
    return this.#damage;
  }

  /** Not before every connection of this process to the database is closed. */
  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  /** Whether next to no room is left. */
  isDiskFull(): boolean {
    const { bavail, bsize } = statfsSync(dirname(this.#path));
    return bavail * bsize < FULL_BYTES;
  }

  #faultNow(logPages: number): StorageError | null {
    for (const { suffix, name } of PARTS) {
      const stat = statSync(`${this.#path}${suffix}`, { throwIfNoEntry: false });
      const known = this.#inodes.get(suffix);
      if (stat === undefined && known !== undefined) return gone(`The database's ${name} is gone`);
      if (stat === undefined) continue;
      const isOther = known !== undefined && known !== stat.ino;
      if (isOther) return gone(`Another ${name} stands in the place of the database's`);
      this.#inodes.set(suffix, stat.ino);
      const isCut = suffix === "-wal" && stat.size < this.#frameAt(logPages + 1) && logPages > 0;
      if (isCut) return gone("The database's log has been cut");
      const isDamaged = suffix === "" && !this.#isFileWhole(stat.size);
      if (isDamaged) return gone("The database's file is damaged");
    }
    return null;
  }

  /** Whether it begins as a database does, and is no shorter than it was and says it is: while the log is moved into it, it may be that. */
  #isFileWhole(size: number): boolean {
    this.#file ??= openSync(this.#path, "r");
    const header = readFrom(this.#file, 0, DATABASE_HEADER);
    if (header.toString("latin1", 0, DATABASE_MAGIC.length) !== DATABASE_MAGIC) return false;
    if (size < this.#size && size < header.readUInt32BE(PAGE_COUNT_AT) * this.#pageSize) return false;
    this.#size = size;
    return true;
  }

  #isLogWhole(logPages: number): boolean {
    const log = `${this.#path}-wal`;
    // SQLite has no locks on the log itself.
    const header = read(log, 0, LOG_HEADER);
    if (header.readUIntBE(0, 3) !== LOG_MAGIC) return false;
    const salts = header.subarray(16, 16 + SALTS);
    const step = Math.max(1, Math.floor(logPages / SAMPLES));
    for (let frame = logPages; frame > 0; frame -= step) {
      if (!read(log, this.#frameAt(frame) + 8, SALTS).equals(salts)) return false;
    }
    return true;
  }

  /** Where the frame of that number, counted from 1, begins. */
  #frameAt(frame: number): number {
    return LOG_HEADER + (frame - 1) * (FRAME_HEADER + this.#pageSize);
  }
}

function gone(message: string): StorageError {
  return new StorageError(
    "STORAGE_GONE",
    `${message}; nothing is written until it is as it was, or the server is started anew`,
  );
}

function read(path: string, position: number, length: number): Buffer {
  const file = openSync(path, "r");
  try {
    return readFrom(file, position, length);
  } finally {
    closeSync(file);
  }
}

function readFrom(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  readSync(file, bytes, 0, length, position);
  return bytes;
}
