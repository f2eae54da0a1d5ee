/** The question that a device in step asks. */
import type { SyncResponse } from "@instep/protocol";
import { HttpConnection } from "./http-connection.ts";

export const SYNC_CALL = "/api/conversations/sync";

/** The increment after an answer. */
export function incrementPath(answer: Pick<SyncResponse, "server_time" | "epoch">, more = ""): string {
  return `${SYNC_CALL}?since=${encodeURIComponent(answer.server_time)}&epoch=${answer.epoch}${more}`;
}

/** The increment after the server's clock as it stands. */
export async function currentIncrementPath(url: string, cookie?: string): Promise<string> {
  const connection = await HttpConnection.open(url);
  const { body } = await connection.expect({ path: `${SYNC_CALL}?limit=1`, ...(cookie !== undefined && { cookie }) });
  connection.close();
  return incrementPath(syncResponse(body));
}

export function syncResponse(body: Buffer): SyncResponse {
  return JSON.parse(body.toString("utf8")) as SyncResponse;
}
