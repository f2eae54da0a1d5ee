/** Real browsers against the real program, built as it ships. */
import { chromium, defineConfig } from "@playwright/test";
import { findChromium } from "./harness/chromium.ts";

const isCi = Boolean(process.env["CI"]);
const browser = await findChromium(chromium.executablePath());
if (browser === null) {
  const loud = "No Chromium was found, so NOTHING was tested in a browser. Set CHROMIUM_PATH, or install one.";
  if (isCi) throw new Error(loud);
  console.error(`\n${"!".repeat(loud.length)}\n${loud}\n${"!".repeat(loud.length)}\n`);
}

export default defineConfig({
  testDir: ".",
  testMatch: browser === null ? [] : ["tests/**/*.spec.ts", "visual/**/*.spec.ts"],
  // Pictures of another browser differ in every line of text.
  ...(browser?.isPinned ? {} : { testIgnore: "visual/**" }),
  outputDir: "../test-results/e2e",
  snapshotPathTemplate: "{testDir}/visual/{arg}{ext}",
  forbidOnly: isCi,
  fullyParallel: true,
  // A test waits for the network's time as often as for the processor: three keep two processors busy.
  workers: 3,
  retries: 0,
  timeout: 90_000,
  expect: {
    timeout: 20_000,
    toHaveScreenshot: { animations: "disabled", caret: "hide", scale: "css", threshold: 0.05, maxDiffPixels: 0 },
  },
  reporter: isCi ? [["list"], ["json", { outputFile: "../test-results/e2e.json" }]] : [["list"]],
  use: {
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    timezoneId: "UTC",
    // A quarter of the time of all tests: those of the page's worker, and of what needs it, allow it.
    serviceWorkers: "block",
    // Nor is every frame of every fading drawn sixty times a second by the processor: `chat.spec.ts` moves as a person's page does.
    contextOptions: { reducedMotion: "reduce" },
    // A third of the time of all tests: for whoever looks into one.
    trace: process.env["E2E_TRACE"] ? "retain-on-failure" : "off",
    launchOptions: {
      ...(browser && { executablePath: browser.executablePath, env: { ...process.env, ...browser.env } }),
      // Pages go into the back/forward cache as they do for a person; Playwright turns that off.
      ignoreDefaultArgs: ["--disable-back-forward-cache"],
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--font-render-hinting=none",
      ],
    },
  },
});
