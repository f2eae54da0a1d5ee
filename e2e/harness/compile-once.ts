/** Starts and stops the program once before the tests: a process keeps what it has compiled when it ends in order, and theirs are killed. */
import { startServer } from "./server.ts";

export default async function compileOnce(): Promise<void> {
  const server = await startServer();
  await server.stop();
  await server.dispose();
}
