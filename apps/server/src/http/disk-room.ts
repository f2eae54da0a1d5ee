/** Whether a disk has room for files that pass: nobody's may take what everybody's database needs [SAFE-2]. */
import { readdir, stat, statfs } from "node:fs/promises";
import { join } from "node:path";

/** What stays free of a disk: the smaller of both. */
const RESERVED_BYTES = 512 * 1024 * 1024;
const RESERVED_SHARE = 0.05;

/** What a disk says of itself. */
export type AskDisk = (folder: string) => Promise<Readonly<Record<"bsize" | "blocks" | "bavail", number>>>;

/** Whether more may be written to the folder's disk. What is in the folder counts twice: it comes into the database too. */
export async function hasRoom(folder: string, ask: AskDisk = statfs): Promise<boolean> {
  const disk = await ask(folder).catch(() => null);
  // Some file systems don't say.
  if (disk === null || disk.blocks === 0) return true;
  const reserved = Math.min(RESERVED_BYTES, disk.blocks * disk.bsize * RESERVED_SHARE);
  return disk.bavail * disk.bsize - (await bytesIn(folder)) >= reserved;
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  // One that is read to its end goes meanwhile.
  const sizes = names.map((name) =>
    stat(join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
