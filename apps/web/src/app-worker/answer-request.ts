/**
 * How the worker answers: the page from the server wherever that says something, so that an old worker is in no new server's way; its
 * files from what is kept. Nothing waits long for a store that hangs, and without one everything is as if there were no worker [DEV-14].
 */

export interface AnswerPorts {
  /** Asks the server. @throws where it can't be reached. */
  readonly ask: () => Promise<Response>;
  /** What is kept of it; undefined where nothing is. May hang or throw. */
  readonly kept: () => Promise<Response | undefined>;
  /** Keeps an answer. May hang or throw; nobody waits for it. */
  readonly keep: (answer: Response) => Promise<void>;
  readonly wait: (ms: number) => Promise<void>;
}

/** So long the server may take to say something, where there is a page to show without it. */
export const PAGE_PATIENCE_MS = 3000;
/** So long the store may take. */
export const KEPT_PATIENCE_MS = 1000;

/** The page as the server has it; the kept one where it says nothing, takes too long, or is not itself. */
export async function answerPage(ports: Omit<AnswerPorts, "keep">): Promise<Response> {
  const asked = ports.ask();
  const answered = await Promise.race([outcomeOf(asked), ports.wait(PAGE_PATIENCE_MS).then(() => null)]);
  // A redirect too: somebody in front of the server may want a person to sign in.
  if (answered && answered.status < 500) return answered;
  return (await keptOf(ports)) ?? asked;
}

/** A file of the page: the kept one, else the server's, which is kept from then on where it is whole. */
export async function answerFile(ports: AnswerPorts): Promise<Response> {
  const kept = await keptOf(ports);
  if (kept) return kept;
  const answer = await ports.ask();
  if (isOwnFile(answer)) void outcomeOf(ports.keep(answer.clone()));
  return answer;
}

/** Whole, from the server itself, and no page that somebody in front of it gives for any address. */
export function isOwnFile({ status, type, redirected, headers }: Response): boolean {
  const isPage = headers.get("content-type")?.startsWith("text/html") === true;
  return status === 200 && type === "basic" && !redirected && !isPage;
}

async function keptOf({ kept, wait }: Pick<AnswerPorts, "kept" | "wait">): Promise<Response | null> {
  return Promise.race([outcomeOf(kept()), wait(KEPT_PATIENCE_MS).then(() => null)]);
}

async function outcomeOf<T>(promise: Promise<T | undefined>): Promise<T | null> {
  return promise.then(
    (value) => value ?? null,
    () => null,
  );
}
