/** Whether a database file is the very one that was closed or left here last: a copy put in its place may be an older one [EPOCH-1]. */
import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, rmSync, statSync, writeFileSync, type BigIntStats } from "node:fs";

/**
 * `new`: there is no database yet. `same`: nobody has put another file, or other content, in its place. `other`: that can't be
 * shown; history may have been rewound.
 */
export type FileStanding = "new" | "same" | "other";

interface Seal {
  readonly state: "open" | "closed";
  readonly ino: string;
  readonly birthtimeNs: string;
  /** Of a closed one: no program can set it, so whatever was written since shows. */
  readonly ctimeNs: string;
  readonly size: string;
  /** The log that belongs to the file while it is open. */
  readonly logIno: string | null;
}

/** No database of SQLite is shorter. */
const SMALLEST_PAGE = 512n;

/** Looks before anything opens the file. */
export function standingOf(path: string): FileStanding {
  const stat = statOf(path);
  if (stat === null || stat.size === 0n) return "new";
  const seal = readSeal(path);
  if (seal === null || seal.ino !== String(stat.ino) || seal.birthtimeNs !== String(stat.birthtimeNs)) return "other";
  if (seal.state === "open") return "same";
  return seal.ctimeNs === String(stat.ctimeNs) && seal.size === String(stat.size) ? "same" : "other";
}

/** Whether a database stood in this file, and nothing of one is left in it: what a disk keeps of a file when the power fails. */
export function isEmptied(path: string): boolean {
  return holdsNothing(path) && statOf(sealPath(path)) !== null;
}

/** Whether a file is there that can't hold a database. */
export function holdsNothing(path: string): boolean {
  const stat = statOf(path);
  return stat !== null && stat.size < SMALLEST_PAGE;
}

/** Where the file itself was taken away, whatever is made in its place is a new one. */
export function forgetMissing(path: string): void {
  if (statOf(path) === null && statOf(sealPath(path))?.isFile() === true) rmSync(sealPath(path));
}

/** Puts a log aside that belongs to another file than the one that stands here: SQLite would play it into this one. */
export function putStrayLogAside(path: string): void {
  const [seal, stat, log] = [readSeal(path), statOf(path), statOf(`${path}-wal`)];
  if (seal === null || stat === null || log === null) return;
  if (seal.ino === String(stat.ino) || seal.logIno !== String(log.ino)) return;
  renameSync(`${path}-wal`, `${path}-wal.of-another-${seal.ino}`);
  rmSync(`${path}-shm`, { force: true });
}

/** The file is open: what is written to it from now on is ours, and so it is after a crash. */
export function sealOpen(path: string): void {
  writeSeal(path, "open");
}

/** The file was closed by its last user; while another one has it open, its log stands beside it and the seal stays as it is. */
export function sealClosed(path: string): void {
  if (statOf(`${path}-wal`) === null) writeSeal(path, "closed");
}

/** Changes how the file stands and nothing of its history: the one that was sealed is so afterwards. `change` says whether nobody else has it open. */
export function keepSealed(path: string, change: () => boolean): boolean {
  const standing = standingOf(path);
  const isAlone = change();
  if (isAlone && standing === "same") sealClosed(path);
  return isAlone;
}

function writeSeal(path: string, state: Seal["state"]): void {
  const stat = statOf(path);
  if (stat === null) return;
  const seal: Seal = {
    state,
    ino: String(stat.ino),
    birthtimeNs: String(stat.birthtimeNs),
    ctimeNs: String(stat.ctimeNs),
    size: String(stat.size),
    logIno: state === "open" ? String(statOf(`${path}-wal`)?.ino ?? "") || null : null,
  };
  // Another process may write one just now: each has a name of its own until it is whole.
  const partial = `${sealPath(path)}.${randomUUID()}.part`;
  try {
    writeFileSync(partial, JSON.stringify(seal), { mode: 0o600 });
    renameSync(partial, sealPath(path));
  } catch {
    // On a full disk, or where a folder has its name, there is no seal: the next start takes a new epoch.
    rmSync(partial, { force: true });
    if (statOf(sealPath(path))?.isDirectory() !== true) rmSync(sealPath(path), { force: true });
  }
}

function readSeal(path: string): Seal | null {
  try {
    return JSON.parse(readFileSync(sealPath(path), "utf8")) as Seal;
  } catch {
    return null;
  }
}

function sealPath(path: string): string {
  return `${path}-seal`;
}

function statOf(path: string): BigIntStats | null {
  return statSync(path, { bigint: true, throwIfNoEntry: false }) ?? null;
}
