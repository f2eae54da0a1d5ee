/** The superuser may read and write whatever its mode says: a test of modes acts as somebody else. */
import { chownSync, readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

const NOBODY = 65_534;

/** Acts as nobody in particular, to whom the folder and what is in it belong from then on; as oneself where one isn't the superuser. */
export async function asNobody<T>(folder: string, act: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return act();
  for (const name of ["", ...readdirSync(folder, { recursive: true, encoding: "utf8" })]) {
    chownSync(join(folder, name), NOBODY, NOBODY);
  }
  process.seteuid?.(NOBODY);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
  }
}
