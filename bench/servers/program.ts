/** The program itself, as a server of a measurement. */
import { startProgram } from "@instep/server";
import { readSettings } from "../../apps/server/src/settings/config.ts";

export interface BenchProgramOptions {
  /** May hold a database already. */
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts it on a free port; throws the settings' fault where they are wrong. */
export async function serveProgram({ dataDir, env = {} }: BenchProgramOptions): Promise<string> {
  const defaults = { PORT: "0", DATA_DIR: dataDir, DEMO_TOKEN_DELAY_MS: "0", LOG_LEVEL: "error" };
  const { settings, fault } = readSettings({ ...defaults, ...env });
  if (settings === null) throw new Error(fault);
  return (await startProgram(settings)).url;
}
