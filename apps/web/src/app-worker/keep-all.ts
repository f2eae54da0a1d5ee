/** Fetches what the page needs to open offline: all of it, as this build made it, or nothing. */
import { isOwnFile } from "./answer-request.ts";
import { isHashed, type KeptFiles } from "./kept-files.ts";

export interface KeepPorts {
  readonly fetch: (path: string, how: RequestInit) => Promise<Response>;
  readonly open: () => Promise<Pick<Cache, "put">>;
}

/** @throws where anything is missing, or is not what the build made: then the worker that was there stays, or none. */
export async function keepAll(files: KeptFiles, { fetch, open }: KeepPorts): Promise<void> {
  const fetched = await Promise.all(
    files.paths.map(async (path) => {
      // Named after their content, files may come from the browser's own cache; the others have to be those of now.
      const cache = isHashed(path) ? "default" : "no-cache";
      const answer = await fetch(path, { cache, redirect: "error" });
      const isRight = path === "/" ? await isPageOf(files, answer) : isOwnFile(answer);
      if (!isRight) throw new Error(`${path} is not the file that was built`);
      return [path, answer] as const;
    }),
  );
  const kept = await open();
  await Promise.all(fetched.map(([path, answer]) => kept.put(path, answer)));
}

/** Whether it is the page that begins with this build's script, and not another build's, or a sign-in page in front of it. */
async function isPageOf({ entry }: KeptFiles, answer: Response): Promise<boolean> {
  return answer.status === 200 && !answer.redirected && (await answer.clone().text()).includes(entry);
}
