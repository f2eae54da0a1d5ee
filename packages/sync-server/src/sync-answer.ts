/** A sync answer as it is written, and the token that continues a full one. */
import { createHash } from "node:crypto";
import { formatTimestamp, type AccountId, type ConversationId, type Micros } from "@instep/protocol";
import { decodeCursor, encodeCursor } from "./cursor.ts";

export interface AnswerParts {
  readonly rows: readonly string[];
  readonly deletedIds: readonly ConversationId[];
  readonly serverTime: Micros;
  readonly isFullSync: boolean;
  readonly epoch: string;
  readonly hasMore: boolean;
  readonly nextPage: string | null;
}

/** Writes a `SyncResponse` around rows that the database has written already. */
export function writeAnswer(parts: AnswerParts): string {
  const rest = JSON.stringify({
    deleted_ids: parts.deletedIds,
    server_time: formatTimestamp(parts.serverTime),
    is_full_sync: parts.isFullSync,
    epoch: parts.epoch,
    has_more: parts.hasMore,
    next_page: parts.nextPage,
  });
  return `{"conversations":[${parts.rows.join(",")}],${rest.slice(1)}`;
}

/** The answer that there is nothing to say. */
export function writeEmptyAnswer(serverTime: Micros, epoch: string): string {
  return writeAnswer({
    rows: [],
    deletedIds: [],
    serverTime,
    isFullSync: false,
    epoch,
    hasMore: false,
    nextPage: null,
  });
}

/** The `ETag` of a full answer [SYNC-8]: of epoch and clock, and of the default model, which rows leave out and the settings may change. */
export function etagOf(epoch: string, clock: Micros, defaultModel: string): string {
  const model = createHash("sha256").update(defaultModel).digest("base64url").slice(0, 8);
  return `"${epoch}.${clock}.${model}"`;
}

/** Whether an `If-None-Match` holds the tag; `*` holds every one. */
export function matchesTag(ifNoneMatch: string | null, etag: string): boolean {
  return ifNoneMatch !== null && (ifNoneMatch.trim() === "*" || ifNoneMatch.includes(etag));
}

/** Where whose full sync continues: its first page's clock and epoch, and the last id that was sent [SYNC-4]. */
export interface PageToken {
  /** Another's page would come with a clock that is not the asking account's [SYNC-9]. */
  readonly accountId: AccountId;
  readonly serverTime: Micros;
  readonly epoch: string;
  readonly afterId: string;
}

export function encodePage(token: PageToken): string {
  return encodeCursor([token.accountId, token.serverTime, token.epoch, token.afterId]);
}

/** Null where the text is no page token. */
export function decodePage(text: string): PageToken | null {
  const position = decodeCursor(text, ["string", "integer", "string", "string"]);
  if (!position) return null;
  const [accountId, serverTime, epoch, afterId] = position;
  return { accountId: accountId as AccountId, serverTime: serverTime as Micros, epoch, afterId };
}
