/** The process of a `ProgramHost`: starts and stops programs as it is told. */
import process from "node:process";
import { keepNewFilesPrivate } from "../../apps/server/src/data-folder/private-files.ts";
import { startApp, type StartedApp } from "../../apps/server/test/start-app.ts";

export interface HostOrder {
  /** The program that is meant. */
  readonly program: number;
  /** What it is started with; null stops it. */
  readonly env: Readonly<Record<string, string>> | null;
}

export interface HostReport {
  readonly program: number;
  /** Why it could not be done; null where it was. */
  readonly error: string | null;
}

/** Less than today's: the tests of passwords pay the whole price. */
const PASSWORD_COST_LOG2 = 6;

const running = new Map<number, StartedApp>();

keepNewFilesPrivate();
process.on("message", (order: HostOrder) => {
  carryOut(order).then(
    () => report({ program: order.program, error: null }),
    (error: unknown) => report({ program: order.program, error: String(error) }),
  );
});
// Whoever gave the orders is gone.
process.on("disconnect", () => process.exit(0));

async function carryOut({ program, env }: HostOrder): Promise<void> {
  if (env !== null) {
    running.set(program, await startApp({ env, passwordCostLog2: PASSWORD_COST_LOG2 }));
    return;
  }
  const app = running.get(program);
  running.delete(program);
  await app?.leave();
}

function report(done: HostReport): void {
  process.send?.(done);
}
