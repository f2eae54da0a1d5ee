/** What makes texts rich, loaded with the first of them. */
import type { PageEnvironment } from "../environment.ts";
import type { RunTextJob } from "./rich-text.ts";

export function lazyTextThread(after: PageEnvironment["after"]): RunTextJob {
  let loading: Promise<RunTextJob> | null = null;
  return async (job) => {
    loading ??= import("./text-thread.ts").then(({ startWorker, textThread }) =>
      textThread({ start: startWorker, after }),
    );
    try {
      const run = await loading;
      if (job.kind === "maths") await import("../markdown/maths-styles.ts");
      return await run(job);
    } catch {
      loading = null;
      return { kind: "unreachable" };
    }
  };
}
