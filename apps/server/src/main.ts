/** The program: reads the settings, starts, says where it is, and stops when it is told to. */
import process from "node:process";
import { codeOf, errorMessage } from "./code-of.ts";
import type { Program } from "./compose.ts";
import { readSettings, type Settings } from "./settings/config.ts";
import { databasePath } from "./data-folder/places.ts";
import { shownAddress } from "./generation/endpoint-address.ts";
import { keepNewFilesPrivate } from "./data-folder/private-files.ts";
import { takeSettingsFile } from "./settings/settings-file.ts";
import { fileNamedBy, unusableDatabase } from "./data-folder/unusable-database.ts";
import { WrongSetting } from "./settings/wrong-setting.ts";

/** Whatever supervises the program starts it again; while it ran on it could only refuse. */
const LOST = "the database can't be written any more; the log says why, and a new start opens it again";

/** Ctrl+C under npm is two signals, from the terminal and from npm: what comes so soon belongs to the same press. */
const ONE_PRESS_MS = 1000;

/** Starts the program; ends the process with 1 and one line where it can't. */
export async function main(): Promise<void> {
  outliveOutput();
  keepNewFilesPrivate();
  const unread = takeSettingsFile();
  if (unread !== null) return giveUp(unread);
  const { settings, fault } = readSettings(process.env);
  if (settings === null) return giveUp(fault);
  try {
    // Only now, so that a wrong setting is told at once.
    const { startProgram } = await import("./compose.ts");
    const program = await startProgram(settings, { onLost: () => giveUp(LOST) });
    // Before anybody is told that it runs, and may signal.
    const stop = stopOnSignals(program);
    // Where there is a certificate, whoever renews it says so by this; else it is a terminal that was closed.
    process.on("SIGHUP", settings.tls === null ? stop : () => program.renewCertificate());
    process.stdout.write(`${greet(program, settings)}\n`);
  } catch (error) {
    giveUp(explain(error, settings));
  }
}

/** Where its output can't be written, as on a full disk or behind a closed terminal, the program goes on; the next line is tried again. */
function outliveOutput(): void {
  for (const output of [process.stdout, process.stderr]) output.on("error", () => undefined);
}

function greet(program: Program, settings: Settings): string {
  const model =
    settings.openaiBaseUrl === null ? "built-in demo model" : `models of ${shownAddress(settings.openaiBaseUrl)}`;
  return `Instep is ready at ${program.url} (database: ${databasePath(settings)}; ${model})`;
}

/** The first signal stops in order, one that comes later at once. What is returned stops in order too, however often it is called. */
function stopOnSignals(program: Program): () => void {
  let firstAt: number | null = null;
  const stop = (): void => {
    if (firstAt !== null) return;
    firstAt = performance.now();
    program.stop().then(
      () => process.exit(0),
      (error: unknown) => giveUp(`the stop failed: ${String(error)}`),
    );
  };
  const onSignal = (): void => {
    if (firstAt !== null && performance.now() - firstAt >= ONE_PRESS_MS) process.exit(1);
    stop();
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  return stop;
}

function explain(error: unknown, { host, port, dataDir }: Settings): string {
  if (error instanceof WrongSetting) return error.message;
  const code = codeOf(error);
  if (error instanceof Error && code?.startsWith("SQLITE_")) {
    return unusableDatabase(fileNamedBy(error) ?? databasePath({ dataDir }), Object.assign(error, { code })).message;
  }
  switch (code) {
    case "EADDRINUSE":
      return `PORT: ${host}:${port} is already in use; stop what uses it, or set another PORT`;
    case "EACCES":
      return `HOST and PORT or DATA_DIR: no permission (${error instanceof Error ? error.message : ""})`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `HOST: "${host}" is not an address of this machine`;
    case null:
    default:
      return `the start failed with DATA_DIR=${dataDir}: ${errorMessage(error)}`;
  }
}

function giveUp(why: string): void {
  process.stderr.write(`${why.replaceAll(/\s+/g, " ")}\n`);
  process.exit(1);
}

if (import.meta.main) await main();
