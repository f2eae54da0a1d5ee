/** What a device that stands by costs the server, with polling and with live: CPU of a device and minute at the default intervals. */
import { setTimeout as pause } from "node:timers/promises";
import { openConnections, type HttpConnection } from "../http-connection.ts";
import { currentIncrementPath } from "../increment-path.ts";
import type { Row } from "../row.ts";
import { micros, ratio } from "../statistics.ts";
import type { Workbench } from "../workbench.ts";

/** Polls once a minute; is held for 25 s at a time. */
const POLLS_A_MINUTE = 1;
const HOLDS_A_MINUTE = 60 / 25;
/** The shortest hold, and as far apart the polls, so that the two differ by nothing else. */
const APART_MS = 1000;

export async function measureStanding(bench: Workbench): Promise<readonly Row[]> {
  const devices = bench.size(2000, 100);
  const forMs = bench.size(15_000, 2500);
  const { folder } = await bench.data({ conversations: 1000, messagesEach: 10 });
  const env = { MAX_HELD_PER_ACCOUNT: String(devices) };
  const server = await bench.serve({ kind: "program", dataDir: folder, env });
  const path = await currentIncrementPath(server.url);
  const connections = await openConnections(server.url, devices);
  const cpuOfOne = async (ask: (connection: HttpConnection) => Promise<unknown>): Promise<number> => {
    let asked = 0;
    const until = performance.now() + forMs;
    const device = async (connection: HttpConnection, index: number): Promise<void> => {
      await pause((index / devices) * APART_MS);
      while (performance.now() < until) {
        await ask(connection);
        asked++;
      }
    };
    const idle = await server.cpuWhile(() => pause(forMs / 5));
    const cpu = await server.cpuWhile(() => Promise.all(connections.map(device)));
    return (cpu - idle * 5) / asked;
  };
  bench.progress("standing by: polling devices");
  const polling = await cpuOfOne((connection) => connection.expect({ path }).then(() => pause(APART_MS)));
  bench.progress("standing by: held devices");
  const held = await cpuOfOne((connection) => connection.expect({ path: `${path}&wait=1` }));
  for (const connection of connections) connection.close();
  return [
    {
      target: "standing",
      what: `one request of ${devices} devices that stand by, CPU`,
      ours: `live ${micros(held)}`,
      beside: `polling ${micros(polling)}`,
      ratio: ratio(held / polling),
      goal: "—",
    },
    {
      target: "standing",
      what: "a device and minute at 25 s holds and 60 s polls, CPU",
      ours: `live ${micros(held * HOLDS_A_MINUTE)}`,
      beside: `polling ${micros(polling * POLLS_A_MINUTE)}`,
      ratio: ratio((held * HOLDS_A_MINUTE) / (polling * POLLS_A_MINUTE)),
      goal: "the same order",
    },
  ];
}
