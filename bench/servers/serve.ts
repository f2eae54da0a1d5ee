/** A server process of a measurement: becomes what its argument says, then reports on itself until its parent ends it. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import process from "node:process";
import type { Order, Report, Role, Usage } from "./role.ts";

const WATCH_EVERY_MS = 1;
const loop = monitorEventLoopDelay({ resolution: WATCH_EVERY_MS });
const role = JSON.parse(process.argv[2] ?? "{}") as Role;

process.on("message", (order: Order) => obey(order));
// A parent that died leaves nothing behind.
process.on("disconnect", () => process.exit(0));
serve(role).then(
  (url) => report({ url }),
  (error: unknown) => report({ fault: String(error) }),
);

/** Loads no more than that role's own files: what a floor weighs is part of what is measured. */
async function serve(role: Role): Promise<string> {
  switch (role.kind) {
    case "program":
      return (await import("./program.ts")).serveProgram(role);
    case "original":
      return (await import("../peers/original-design.ts")).serveOriginalDesign(role);
    case "engine":
      return (await import("./engine-server.ts")).serveEngine(role.folder);
    case "model":
      return (await import("./model-server.ts")).serveModel(role);
    case "bare":
      return (await import("./bare.ts")).serveBare(role);
    default:
      throw new Error("There is no such role");
  }
}

function obey(order: Order): void {
  switch (order) {
    case "usage":
      return report(usage());
    case "watch":
      loop.enable();
      loop.reset();
      return report(usage());
  }
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  // The histogram counts its own interval as well.
  const longestBlockMs = Math.max(0, loop.max / 1e6 - WATCH_EVERY_MS);
  const peakRssBytes = process.resourceUsage().maxRSS * 1024;
  return { cpuMicros: user + system, rssBytes: process.memoryUsage.rss(), peakRssBytes, longestBlockMs };
}

function report(message: Report): void {
  process.send?.(message);
}
