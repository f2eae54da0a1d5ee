/** `GET /api/export`: all of an account's conversations, in the form that an import reads (SPEC section 8). */
import type { AccountId } from "@instep/protocol";
import type { Refusal } from "@instep/sync-server";
import { Type } from "typebox";
import type { App, AppContext } from "../app-context.ts";
import { abortOnClose } from "../http/paced-answer.ts";
import { sendDownload } from "../http/text-download.ts";
import { exportConversations } from "../import/export-conversations.ts";
import { sendProblem } from "../problems.ts";
import { QueryReader } from "../query-reader.ts";
import { answers, documentedQuery, searchOf } from "./route-answers.ts";

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
    summary: "All conversations with their messages and versions, archived ones too, as a file that an import reads",
    querystring: documentedQuery({ account: "whose it is meant to be, where no header can say so" }),
    response: answers(200, Type.Object({}, { additionalProperties: true }), "The file, as it is made"),
  };
  app.get("/api/export", { schema, exposeHeadRoute: false }, async (request, reply) => {
    const { accountId } = request;
    const read = new QueryReader(searchOf(request.raw.url));
    const meant = read.text("account");
    if (read.refusal !== null) return sendProblem(reply, read.refusal);
    // A link sends no header: another account may have signed in meanwhile in its browser.
    if (meant !== null && meant !== accountId) return sendProblem(reply, { refused: "unauthorized" });
    const running = runningByAccount.get(accountId) ?? 0;
    if (running >= MAX_AT_ONCE) return sendProblem(reply, ALREADY_RUNNING);
    runningByAccount.set(accountId, running + 1);
    reply.hijack();
    const exportedAt = new Date().toISOString();
    const pieces = exportConversations({ engine, accountId, exportedAt, onProgress: () => undefined });
    const fileName = `instep-${exportedAt.slice(0, 10)}.json`;
    const file = { fileName, contentType: "application/json; charset=utf-8", pieces };
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
