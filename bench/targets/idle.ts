/**
 * P1: the idle increment of the program, of bare `node:http` that answers the same bytes after the same cookie, and of the original
 * design; small and large databases. Processes of their own, rounds in turn, so that a machine that slows down favours nobody.
 */
import { compareInTurn, type Contestant } from "../contestants.ts";
import { HttpConnection } from "../http-connection.ts";
import { currentIncrementPath, SYNC_CALL } from "../increment-path.ts";
import type { Row } from "../row.ts";
import type { Workbench } from "../workbench.ts";

const MESSAGES_EACH = 10;

export async function measureIdle(bench: Workbench): Promise<readonly Row[]> {
  const many = bench.size(100_000, 1000);
  return compareInTurn(bench, "P1", await enter(bench, many));
}

async function enter(bench: Workbench, many: number): Promise<readonly Contestant[]> {
  const ours = async (conversations: number): Promise<Contestant> => {
    const { folder } = await bench.data({ conversations, messagesEach: MESSAGES_EACH });
    const server = await bench.serve({ kind: "program", dataDir: folder });
    const path = await currentIncrementPath(server.url);
    return { name: `ours, ${conversations} conversations`, server, asked: { path }, figures: [] };
  };
  const original = async (conversations: number): Promise<Contestant> => {
    bench.progress(`P1: the original design with ${conversations} conversations`);
    const shape = { conversations, messagesEach: MESSAGES_EACH };
    const server = await bench.serve({ kind: "original", folder: bench.folder(), ...shape });
    const path = `${SYNC_CALL}?since=${new Date().toISOString()}`;
    return { name: `original design, ${conversations} conversations`, server, asked: { path }, figures: [] };
  };
  const small = await ours(100);
  const connection = await HttpConnection.open(small.server.url);
  const { body } = await connection.expect(small.asked);
  connection.close();
  const bare = await bench.serve({ kind: "bare", body: body.toString("utf8") });
  const floor = { name: "bare", server: bare, asked: small.asked, figures: [] };
  return [floor, small, await ours(many), await original(100), await original(many)];
}
