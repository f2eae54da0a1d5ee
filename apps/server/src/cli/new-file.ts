/** A file that a command writes under a name of its own until it is whole, so that several who write to one at once never meet in one. */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { link, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { CommandError } from "./command.ts";

const PARTIAL = /^\.[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.part$/;
/** What was not written to for so long, nobody writes any more. */
const LEFT_AFTER_MS = 86_400_000;

/** Throws where the name is taken. */
export function requireFree(path: string): void {
  if (existsSync(path)) throw taken(path);
}

/** What the file is called until it is whole. */
export function partialOf(path: string): string {
  return `${path}.${randomUUID()}.part`;
}

/** Gives what is whole its name. Throws where somebody else has got that meanwhile. */
export async function nameWhole(partial: string, path: string): Promise<void> {
  try {
    await link(partial, path);
  } catch {
    // Another process was first, or the file system has no hard links.
    requireFree(path);
    await rename(partial, path);
    return;
  }
  await rm(partial, { force: true });
}

/** Takes away what earlier commands left of this file that were killed. */
export async function removeLeft(path: string, now: number): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)];
  const names = await readdir(folder).catch(() => []);
  for (const left of names) {
    if (!left.startsWith(name) || !PARTIAL.test(left.slice(name.length))) continue;
    const standing = await stat(join(folder, left)).catch(() => null);
    if (standing?.isFile() && now - standing.mtimeMs > LEFT_AFTER_MS) await rm(join(folder, left), { force: true });
  }
}

function taken(path: string): CommandError {
  return new CommandError(`${path} exists already; name another file.`);
}
