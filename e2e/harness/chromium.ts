/** Finds the browser that the tests drive: the one that npm brought where it runs, else one that is installed. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

export interface FoundBrowser {
  readonly executablePath: string;
  /** What its process needs besides: fonts and libraries that came with it. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether it is the version of the lock file, whose pictures can be compared byte by byte. */
  readonly isPinned: boolean;
}

const PACKAGE = resolve(import.meta.dirname, "../../node_modules/@sparticuz/chromium");
const INSTALLED = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/opt/google/chrome/chrome",
];

/** The browser, unpacked on first use; null where there is none. `CHROMIUM_PATH` names another one. */
export async function findChromium(playwrightsOwn: string): Promise<FoundBrowser | null> {
  const chosen = process.env["CHROMIUM_PATH"];
  if (chosen) return { executablePath: chosen, env: {}, isPinned: false };
  if (process.platform === "linux" && process.arch === "x64" && existsSync(PACKAGE)) return pinnedChromium();
  const installed = [playwrightsOwn, ...INSTALLED].find((path) => existsSync(path));
  return installed === undefined ? null : { executablePath: installed, env: {}, isPinned: false };
}

async function pinnedChromium(): Promise<FoundBrowser> {
  const { version } = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8")) as { version: string };
  const folder = resolve(PACKAGE, "../../.cache/instep-chromium", version);
  if (!existsSync(folder)) await unpack(folder);
  const executablePath = join(folder, "chromium");
  return {
    executablePath,
    isPinned: true,
    env: {
      FONTCONFIG_FILE: join(folder, "fonts.conf"),
      // The machine's own libraries where it has them all; else those that came with the browser.
      ...(!hasEveryLibrary(executablePath) && { LD_LIBRARY_PATH: join(folder, "al2023/lib") }),
    },
  };
}

/** Unpacks beside the place where it belongs and then moves it there, so that a broken attempt is never taken for a browser. */
async function unpack(folder: string): Promise<void> {
  mkdirSync(dirname(folder), { recursive: true });
  const attempt = mkdtempSync(`${folder}-`);
  const usualTemporaryFolder = process.env["TMPDIR"];
  try {
    // The package unpacks into the folder for temporary files, wherever that is.
    process.env["TMPDIR"] = attempt;
    const { default: chromium, inflate } = await import("@sparticuz/chromium");
    await chromium.executablePath();
    await inflate(join(PACKAGE, "bin/al2023.tar.br"));
    writeFileSync(join(attempt, "fonts.conf"), fontsOf(folder));
    if (!existsSync(folder)) renameSync(attempt, folder);
  } finally {
    if (usualTemporaryFolder === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = usualTemporaryFolder;
    rmSync(attempt, { recursive: true, force: true });
  }
}

/** Only the fonts that came with the browser, so that pictures don't depend on the machine. */
function fontsOf(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>
`;
}

function hasEveryLibrary(executablePath: string): boolean {
  const { stdout, status } = spawnSync("ldd", [executablePath], { encoding: "utf8" });
  return status === 0 && !stdout.includes("not found");
}
