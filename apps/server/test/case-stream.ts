/** The recorded answers under `cases/`, given to the adapter piece by piece with a clock that jumps over their pauses. */
import { readFileSync } from "node:fs";
import { ManualEnvironment } from "./manual-environment.ts";

/** A piece of an answer's body, a pause of so many milliseconds, or a step of the wall clock by so many. */
export type CasePiece = Uint8Array | number | { readonly wallClockSteps: number };

/** Reads a case; a comment `: pause N ms` becomes a pause. */
export function readCase(name: string): CasePiece[] {
  const text = readFileSync(new URL(`./cases/${name}.sse`, import.meta.url), "utf8");
  return text
    .split(/^(: pause \d+ ms)$/m)
    .filter((piece) => piece !== "")
    .map((piece) => {
      const [, pause] = /^: pause (\d+) ms$/.exec(piece) ?? [];
      return pause === undefined ? Buffer.from(piece) : Number(pause);
    });
}

/** An environment whose endpoint answers with these pieces; each is taken only when the one before it has been understood. */
export function answering(pieces: readonly CasePiece[]): ManualEnvironment {
  const environment = new ManualEnvironment();
  environment.fetch = async (_url, { signal }) => {
    const waiting = [...pieces];
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          for (;;) {
            const piece = waiting.shift();
            if (piece === undefined) return controller.close();
            if (piece instanceof Uint8Array) return controller.enqueue(piece);
            if (typeof piece === "object") {
              environment.stepWallClock(piece.wallClockSteps);
              continue;
            }
            environment.advance(piece);
            if (signal?.aborted) return controller.error(signal.reason);
          }
        },
      },
      { highWaterMark: 0 },
    );
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
  return environment;
}
