/** A disk that fails for a while: the write-ahead log loses its content and gets it back. */
import { open, readFile, truncate } from "node:fs/promises";

/** The log's own header, without which SQLite would take the log for a new one. */
const HEADER_BYTES = 32;

/** Runs something while whatever has to be read from the log is an I/O error; what is written meanwhile stands. */
export async function withoutLog<T>(path: string, meanwhile: () => Promise<T>): Promise<T> {
  const log = `${path}-wal`;
  const content = await readFile(log);
  await truncate(log, HEADER_BYTES);
  try {
    return await meanwhile();
  } finally {
    const file = await open(log, "r+");
    await file.write(content, 0, content.length, 0);
    await file.close();
  }
}
