/** `POST /api/import`: an export of ChatGPT, Claude, Open WebUI or Instep as the body, what becomes of it as events [IMPORT-1]. */
import type { AccountId, ImportFailure, ImportProgress } from "@instep/protocol";
import type { Refusal } from "@instep/sync-server";
import { Type } from "typebox";
import type { FastifyReply, FastifyRequest } from "fastify";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { App, AppContext } from "../app-context.ts";
import { importsPath } from "../data-folder/places.ts";
import { createFairQueue, type FairQueue } from "../limits/fair-queue.ts";
import { BODY_TIMEOUT_MS, liftBodyTime, limitBodyTime } from "../http/body-timeout.ts";
import { openEvents, type ToldEvents } from "../http/event-stream.ts";
import { abortOnClose } from "../http/backpressure.ts";
import { dropFile, receiveFile } from "../http/received-file.ts";
import { NOTHING_IMPORTED } from "../import/import-conversations.ts";
import { importInThread, type ImportEnd } from "../import/import-in-thread.ts";
import { reportOf } from "../import/import-report.ts";
import { writerWithin } from "../import/writer-within.ts";
import { problemOf, sendProblem, translateError } from "../problems.ts";
import { answers } from "./route-answers.ts";

const IMPORT_PATH = "/api/import";
/** Each reads in a thread of its own; further ones wait, with what they have sent on the disk. */
const READ_AT_ONCE = 2;

const RUNNING: Refusal = {
  refused: "import_running",
  detail: "An import of this account is running. Try again when it has ended, or stop it.",
};
const MULTIPART: Refusal = { refused: "unsupported_media_type", detail: "Send the file itself as the body." };

/** Registers the import, in a scope where a body is taken as it comes. */
export async function registerImportRoutes(app: App, context: AppContext): Promise<void> {
  const folder = importsPath(context.settings);
  const importing = { context, folder, queue: createFairQueue(READ_AT_ONCE) };
  const running = new Set<AccountId>();

  await app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, body, parsed) => parsed(null, body));
    const options = { schema: SCHEMA, bodyLimit: context.settings.importLimitBytes };
    scope.post(IMPORT_PATH, options, async (request, reply) => {
      const { accountId } = request;
      if (running.has(accountId)) return sendProblem(reply, RUNNING);
      running.add(accountId);
      // Whoever hears of the end may begin another one at once.
      const sendEnd = await receiveAndImport(importing, request, reply).finally(() => running.delete(accountId));
      sendEnd();
      return reply;
    });
    done();
  });
}

const FILE = Type.Unsafe<unknown>({
  description: "The file itself, whatever type is said; no form",
  contentMediaType: "application/octet-stream",
});
const EVENTS = { schema: Type.String({ description: "Events progress, done and error, numbered from 1" }) };
const SCHEMA = {
  summary:
    "Bring in an export of ChatGPT, Claude, Open WebUI or Instep: JSON or .zip as it is; closing the call stops it",
  consumes: ["application/octet-stream"],
  body: FILE,
  response: {
    ...answers(200, Type.String(), ""),
    200: { description: "What becomes of it, as it happens", content: { "text/event-stream": EVENTS } },
  },
};

interface Importing {
  readonly context: AppContext;
  /** Where files are while they are read. */
  readonly folder: string;
  readonly queue: FairQueue;
}

/** Resolves when nothing of it goes on any more, whether somebody listens or not, to what sends the last word. */
async function receiveAndImport(
  importing: Importing,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<() => unknown> {
  const { heartbeatMs, settings } = importing.context;
  const { "content-type": type, "content-length": length } = request.headers;
  const maxBytes = settings.importLimitBytes;
  if (type?.toLowerCase().startsWith("multipart/") === true) return () => sendProblem(reply, MULTIPART);
  if (Number(length ?? 0) > maxBytes) return () => sendProblem(reply, { refused: "body_too_large" });
  const path = join(importing.folder, randomUUID());
  const signal = abortOnClose(reply.raw);
  try {
    const body = request.body instanceof Readable ? request.body : Readable.from([]);
    // It may take as long as it keeps coming; what is left of one that is refused may not.
    liftBodyTime(request.raw);
    const refusal = await receiveFile(body, { path, maxBytes, signal });
    if (refusal !== null) {
      limitBodyTime(request.raw, BODY_TIMEOUT_MS);
      return () => sendProblem(reply, refusal);
    }
    reply.hijack();
    const events = openEvents(reply.raw, heartbeatMs);
    const end = await importFile(importing, { accountId: request.accountId, path, signal, events });
    return () => sendEnd(events, end);
  } finally {
    await dropFile(path);
  }
}

interface ReceivedImport {
  readonly accountId: AccountId;
  readonly path: string;
  readonly signal: AbortSignal;
  readonly events: ToldEvents;
}

async function importFile({ context, queue }: Importing, received: ReceivedImport): Promise<ImportEnd> {
  const { engine, log, settings } = context;
  const { accountId, path, signal, events } = received;
  const leave = await queue.enter(accountId, signal).catch(() => null);
  if (leave === null) return { kind: "stopped" };
  let soFar = NOTHING_IMPORTED;
  try {
    return await importInThread({
      path,
      accountId,
      now: Date.now(),
      signal,
      write: writerWithin(settings.maxConversationsPerAccount, engine, accountId),
      keepPresets: (presets) => engine.importPresets(accountId, presets),
      onProgress: (summary, share) => {
        soFar = summary;
        const { read, added, grown, messages } = summary;
        events.tell("progress", { share, read, added, grown, messages } satisfies ImportProgress);
      },
    });
  } catch (error) {
    const { refusal, isOurs } = translateError(error);
    if (isOurs) log.error({ err: error }, "an import broke off");
    return { kind: "failed", code: refusal.refused, detail: problemOf(refusal).body.detail, summary: soFar };
  } finally {
    leave();
  }
}

/** Whoever has stopped it listens no more. */
function sendEnd(events: ToldEvents, end: ImportEnd): void {
  if (end.kind === "stopped") return;
  const report = reportOf(end.summary);
  if (end.kind === "done") events.end("done", report);
  else events.end("error", { code: end.code, detail: end.detail, report } satisfies ImportFailure);
}
