/** A file that is made while it is sent: no longer in memory than the reader needs for it, and never taken for whole where it broke off. */
import type { ServerResponse } from "node:http";
import { waitForDrain, STALLED_MS } from "./backpressure.ts";

export interface TextDownload {
  /** What the reader's program calls it, of plain letters. */
  readonly fileName: string;
  readonly contentType: string;
  readonly pieces: AsyncIterable<string>;
  /** Aborts when the reader has gone, or may read no more. */
  readonly signal: AbortSignal;
  /** A reader that takes nothing for so long is cut off. */
  readonly stalledMs?: number;
}

/** Sends it to its end. Throws what its making throws: the answer is cut then, so that its reader knows that it is not whole. */
export async function sendDownload(response: ServerResponse, download: TextDownload): Promise<void> {
  const { fileName, contentType, pieces, signal, stalledMs = STALLED_MS } = download;
  const headers = { "content-type": contentType, "content-disposition": `attachment; filename="${fileName}"` };
  try {
    response.writeHead(200, headers);
    for await (const piece of pieces) {
      if (!response.write(piece) && !(await waitForDrain(response, signal, stalledMs))) return;
    }
    response.end();
  } finally {
    if (!response.writableEnded) response.destroy();
  }
}
