/** The browser of the end-to-end tests, for measuring. */
import { type Browser, chromium } from "@playwright/test";
import process from "node:process";
import { findChromium } from "../../e2e/harness/chromium.ts";

/** Throws where there is none: figures that are missing must not look like figures. */
export async function launchBrowser(): Promise<Browser> {
  const found = await findChromium(chromium.executablePath());
  if (found === null) {
    throw new Error("NO CHROMIUM WAS FOUND, so nothing was measured in a browser. Set CHROMIUM_PATH, or install one.");
  }
  return chromium.launch({
    executablePath: found.executablePath,
    env: { ...process.env, ...found.env },
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run"],
  });
}
