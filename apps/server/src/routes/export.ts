/** `GET /api/export`: an account's conversations, all or one, in the form that an import reads or as a text (SPEC section 8). */
import type { AccountId, ConversationId } from "@instep/protocol";
import { type Engine, isRefusal, type Refusal, type StandingConversation } from "@instep/sync-server";
import { Type } from "typebox";
import type { App, AppContext } from "../app-context.ts";
import { abortOnClose } from "../http/backpressure.ts";
import { sendDownload, type TextDownload } from "../http/text-download.ts";
import { exportConversations } from "../import/export-conversations.ts";
import { markdownPieces } from "../import/markdown-pieces.ts";
import { sendProblem } from "../problems.ts";
import { queryOf, type QueryReader } from "../http/query-reader.ts";
import { answers, documentedQuery } from "./route-answers.ts";

/** Each holds up to a few conversations' text in memory, and reads all of them. */
const MAX_AT_ONCE = 2;

const ALREADY_RUNNING: Refusal = {
  refused: "unavailable",
  detail: "Exports of this account are being made already. Try again when they have ended.",
};

/** Registers the export. */
export function registerExportRoutes(app: App, { engine, log }: AppContext): void {
  const runningByAccount = new Map<AccountId, number>();

  const schema = {
    summary:
      "All conversations with their messages and versions, archived ones too, as a file that an import reads; or one",
    querystring: documentedQuery({
      account: "whose it is meant to be, where no header can say so",
      conversation: "the id of the only one that is wanted",
      format: "`json`, or `markdown` for one conversation as a text that people read",
    }),
    response: answers(200, Type.Object({}, { additionalProperties: true }), "The file, as it is made"),
  };
  app.get("/api/export", { schema, exposeHeadRoute: false }, async (request, reply) => {
    const { accountId } = request;
    const read = queryOf(request);
    const meant = read.text("account");
    const id = read.text("conversation")?.toLowerCase() ?? null;
    const isMarkdown = isMarkdownAsked(read, id);
    if (read.refusal !== null) return sendProblem(reply, read.refusal);
    // A link sends no header: another account may have signed in meanwhile in its browser.
    if (meant !== null && meant !== accountId) return sendProblem(reply, { refused: "unauthorized" });
    const only = id === null ? null : await engine.standing(accountId, id as ConversationId);
    if (only !== null && isRefusal(only)) return sendProblem(reply, only);
    const running = runningByAccount.get(accountId) ?? 0;
    if (running >= MAX_AT_ONCE) return sendProblem(reply, ALREADY_RUNNING);
    runningByAccount.set(accountId, running + 1);
    reply.hijack();
    const file = fileOf({ engine, accountId, exportedAt: new Date().toISOString(), only, isMarkdown });
    try {
      await sendDownload(reply.raw, { ...file, signal: abortOnClose(reply.raw) });
    } catch (error) {
      log.error({ err: error }, "an export broke off");
    } finally {
      leave(accountId);
    }
    return reply;
  });

  function leave(accountId: AccountId): void {
    const left = (runningByAccount.get(accountId) ?? 1) - 1;
    if (left > 0) runningByAccount.set(accountId, left);
    else runningByAccount.delete(accountId);
  }
}

function isMarkdownAsked(read: QueryReader, id: string | null): boolean {
  const format = read.text("format");
  const isKnown = format === null || format === "json" || format === "markdown";
  if (!isKnown) read.refuse("format", "is neither json nor markdown");
  if (format === "markdown" && id === null) read.refuse("format", "is markdown for one conversation only");
  return format === "markdown";
}

interface Wanted {
  readonly engine: Engine;
  readonly accountId: AccountId;
  readonly exportedAt: string;
  /** Null: all. */
  readonly only: StandingConversation | null;
  readonly isMarkdown: boolean;
}

function fileOf(wanted: Wanted): Pick<TextDownload, "fileName" | "contentType" | "pieces"> {
  const { engine, accountId, exportedAt, only, isMarkdown } = wanted;
  const name = only === null ? "instep" : plainName(only.title);
  const day = exportedAt.slice(0, 10);
  if (only !== null && isMarkdown) {
    const contentType = "text/markdown; charset=utf-8";
    return { fileName: `${name}-${day}.md`, contentType, pieces: markdownPieces(wanted, only) };
  }
  const one = only !== null && { only: only.id as ConversationId };
  const pieces = exportConversations({ engine, accountId, exportedAt, ...one, onProgress: () => undefined });
  return { fileName: `${name}-${day}.json`, contentType: "application/json; charset=utf-8", pieces };
}

/** Of a title what every system takes as a file's name. */
function plainName(title: string): string {
  const plain = title
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
  return plain.slice(0, 60).replaceAll(/^-+|(?<!-)-+$/g, "") || "chat";
}
