/** The thread in which texts are made rich: whatever one of them takes, the page goes on, and may end this thread. */
import type { TextAnswer, TextJob, TextRequest, TextResult } from "./text-job.ts";

addEventListener("message", ({ data }: MessageEvent<TextRequest>) => void answer(data));

async function answer({ id, job }: TextRequest): Promise<void> {
  try {
    const work = await load(job);
    say({ id, state: "begun" });
    say({ id, state: "done", result: attempt(work) });
  } catch {
    say({ id, state: "unloaded" });
  }
}

/** What does the job, once all is loaded. */
async function load(job: TextJob): Promise<() => TextResult> {
  if (job.kind === "maths") {
    const { typeset } = await import("./typeset-maths.ts");
    return () => typeset(job.source, job.isDisplay);
  }
  const { loadHighlighter } = await import("./highlight-code.ts");
  const highlight = await loadHighlighter(job.language);
  return () => highlight?.(job.source) ?? null;
}

/** A text that breaks the library is one that can't be made rich. */
function attempt(work: () => TextResult): TextResult {
  try {
    return work();
  } catch {
    return null;
  }
}

function say(message: TextAnswer): void {
  postMessage(message);
}
