/** What this process has open. */
import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";

const DESCRIPTORS = "/proc/self/fd";

/** Whether the system tells. */
export const tellsOpenFiles = existsSync(DESCRIPTORS);

/** The files under a folder that are open, removed or not; none where the system doesn't tell. */
export function openFilesUnder(folder: string): readonly string[] {
  const descriptors = tellsOpenFiles ? readdirSync(DESCRIPTORS) : [];
  return descriptors.map(targetOf).filter((path) => path.startsWith(folder));
}

function targetOf(descriptor: string): string {
  try {
    return readlinkSync(join(DESCRIPTORS, descriptor));
  } catch {
    // The one that the folder itself was read by.
    return "";
  }
}
