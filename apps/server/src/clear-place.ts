/** Puts what can't be used out of the way: nothing is thrown away, and its place is free for another. */
import { existsSync, renameSync } from "node:fs";

const PARTS = ["", "-wal", "-shm", "-journal"];

/** Gives what stands at the path, with what SQLite keeps beside it, another name; returns it. Throws where the folder can't be changed. */
export function clearPlace(path: string, now: number): string {
  const aside = `${path}.unusable-${new Date(now).toISOString().replaceAll(/[:.]/g, "-")}`;
  for (const part of PARTS) if (existsSync(`${path}${part}`)) renameSync(`${path}${part}`, `${aside}${part}`);
  return aside;
}
