/** Asks a server for small things while others load it, on an event loop of its own, and notes how long each took. */
import { parentPort, workerData } from "node:worker_threads";
import { HttpConnection } from "./http-connection.ts";
import type { Probing } from "./probe.ts";

const { url, paths, cookie, everyMs } = workerData as Probing;
const latenciesMs: number[] = [];
const connections = await Promise.all(paths.map(() => HttpConnection.open(url)));
const timer = setInterval(() => ask(), everyMs);
let asked = 0;

parentPort?.once("message", () => {
  clearInterval(timer);
  for (const connection of connections) connection.close();
  parentPort?.postMessage(latenciesMs);
  parentPort?.close();
});
parentPort?.postMessage("ready");

/** One connection a path in turn; one that still waits is left alone. */
function ask(): void {
  const index = asked++ % paths.length;
  const connection = connections[index];
  const path = paths[index];
  if (!connection || path === undefined || connection.isBusy) return;
  const at = performance.now();
  connection.expect({ path, ...(cookie !== undefined && { cookie }) }).then(
    (answer) => latenciesMs.push(answer.at - at),
    () => latenciesMs.push(Number.POSITIVE_INFINITY),
  );
}
