/** The floor: the least that a server can do that knows who asks and answers these bytes; holds and wakes from memory, stores nothing. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { answerJson, listen } from "./listen.ts";
import { accountOfSession, knowsOnly } from "./session.ts";

export interface BareOptions {
  readonly body: string;
  /** The one session's, where it is not that of every measurement. */
  readonly cookie?: string;
}

/** Answers `body`; a request with `wait=` is held until the next one that is no `GET`. */
export function serveBare({ body, cookie }: BareOptions): Promise<string> {
  const whoAsks = cookie === undefined ? accountOfSession : knowsOnly(cookie);
  let held: ServerResponse[] = [];

  function write(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    request.on("end", () => {
      answerJson(response, body);
      const woken = held;
      held = [];
      for (const one of woken) answerJson(one, body);
    });
  }

  return listen((request, response) => {
    if (whoAsks(request) === undefined) response.writeHead(401).end();
    else if (request.method !== "GET") write(request, response);
    else if (request.url?.includes("wait=")) held.push(response);
    else answerJson(response, body);
  });
}
