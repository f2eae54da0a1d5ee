/** The file of settings in the folder that a program stands in. */
import { existsSync } from "node:fs";
import process from "node:process";
import { errorMessage } from "../code-of.ts";

const FILE = ".env";

/** Takes its settings into the environment, where what is there already stands. Says in one line why it can't be read, or null. */
export function takeSettingsFile(): string | null {
  try {
    if (existsSync(FILE)) process.loadEnvFile(FILE);
    return null;
  } catch (error) {
    return `${FILE} can't be read: ${errorMessage(error)}`;
  }
}
