/** Ends an answer whose sender was signed out meanwhile: a held question, a batch that waits, a stream that runs. */
import type { ServerResponse } from "node:http";
import { writeProblem } from "../problems.ts";

const ended = new WeakSet<ServerResponse>();

/** Answers 401 where nothing was said yet, and breaks off what was; either frees what the answer held. */
export function endSignedOut(response: ServerResponse): void {
  if (response.writableEnded || response.destroyed) return;
  ended.add(response);
  if (response.headersSent) return void response.destroy();
  // What was about to be sent may have said already how it would be packed.
  for (const name of response.getHeaderNames()) if (OF_A_BODY.test(name)) response.removeHeader(name);
  writeProblem(response, { refused: "unauthorized", detail: "You were signed out." });
}

const OF_A_BODY = /^(?:content-|transfer-encoding$|etag$)/;

/** Whether an answer was ended so: whoever still works for it may stop. */
export function isEndedEarly(response: ServerResponse): boolean {
  return ended.has(response);
}
