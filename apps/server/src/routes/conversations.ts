/** Conversations: list, create, open, change, delete, restore, and the read position (SPEC section 4). */
import {
  MAX_INSTRUCTIONS_LENGTH,
  MAX_TITLE_LENGTH,
  type AccountId,
  type ConversationId,
  type PatchConversation,
} from "@instep/protocol";
import {
  ConversationAnswerSchema,
  ConversationDetailSchema,
  ConversationListSchema,
  CreateConversationSchema,
  DeletedSchema,
  MarkReadSchema,
  PatchConversationSchema,
} from "@instep/protocol/schemas";
import { isRefusal, type Engine, type Refusal } from "@instep/sync-server";
import type { App, AppContext } from "../app-context.ts";
import { sendProblem } from "../problems.ts";
import { queryOf } from "../http/query-reader.ts";
import { refuseBlank, refuseLong } from "./body-rules.ts";
import { DEFAULT_MESSAGE_PAGE, MAX_PAGE } from "./page-query.ts";
import { answer, answers, documentedQuery } from "./route-answers.ts";
import { ConversationParams, conversationIdOf } from "../http/path-ids.ts";

const DEFAULT_LIST_PAGE = 30;

/** Registers the calls on conversations. */
export function registerConversationRoutes(app: App, context: AppContext): void {
  registerCollection(app, context);
  registerOne(app, context);
  registerDeletion(app, context);
  registerReadPosition(app, context);
}

function registerCollection(app: App, { engine, quota }: AppContext): void {
  const listSchema = {
    summary: "A page of live conversations, pinned first, then the newest",
    querystring: documentedQuery({
      limit: `1 to ${MAX_PAGE}, ${DEFAULT_LIST_PAGE} where it is left out`,
      cursor: "next_cursor of the page before",
      archived: "true for the archived ones instead",
    }),
    response: answers(200, ConversationListSchema, "A page"),
  };
  app.get("/api/conversations", { schema: listSchema }, async (request, reply) => {
    const read = queryOf(request);
    const page = {
      limit: read.integer("limit", { min: 1, max: MAX_PAGE }) ?? DEFAULT_LIST_PAGE,
      cursor: read.cursor("cursor"),
      archived: read.boolean("archived") ?? false,
    };
    return answer(reply, read.refusal ?? (await engine.list(request.accountId, page)));
  });

  const createSchema = {
    summary: "Create a conversation; the same id again answers what stands",
    body: CreateConversationSchema,
    response: answers([200, 201], ConversationAnswerSchema, "The conversation; 201 where it was created"),
  };
  app.post("/api/conversations", { schema: createSchema }, async (request, reply) => {
    const { id, title, model, instructions } = request.body;
    const blank = title === "" ? null : refuseBlank("title", title);
    const refusal = blank ?? refuseLongText(request.body);
    if (refusal !== null) return sendProblem(reply, refusal);
    const input = {
      ...(id !== undefined && { id: id.toLowerCase() }),
      ...(title !== undefined && { title }),
      ...(model !== undefined && { model }),
      ...(instructions !== undefined && { instructions }),
    };
    const noRoom = await quota(request.accountId);
    if (noRoom !== null && !(await isThere(engine, request.accountId, input.id))) return sendProblem(reply, noRoom);
    const outcome = await engine.create(request.accountId, input);
    if (isRefusal(outcome)) return sendProblem(reply, outcome);
    return reply.code(outcome.created ? 201 : 200).send(outcome.conversation);
  });
}

/** Whether the id is a conversation's already, also of one in the trash: making it again makes nothing [ID-1]. */
async function isThere({ standing }: Pick<Engine, "standing">, accountId: AccountId, id?: string): Promise<boolean> {
  if (id === undefined) return false;
  const found = await standing(accountId, id as ConversationId);
  return !isRefusal(found) || found.refused !== "conversation_not_found";
}

function registerOne(app: App, { engine }: AppContext): void {
  const openSchema = {
    summary: "A conversation with its newest messages, and the reply that is running",
    params: ConversationParams,
    querystring: documentedQuery({ message_limit: `1 to ${MAX_PAGE}, ${DEFAULT_MESSAGE_PAGE} where it is left out` }),
    response: answers(200, ConversationDetailSchema, "The conversation"),
  };
  app.get("/api/conversations/:id", { schema: openSchema }, async (request, reply) => {
    const read = queryOf(request);
    const limit = read.integer("message_limit", { min: 1, max: MAX_PAGE }) ?? DEFAULT_MESSAGE_PAGE;
    if (read.refusal !== null) return sendProblem(reply, read.refusal);
    return answer(reply, await engine.open(request.accountId, conversationIdOf(request.params), limit));
  });

  const patchSchema = {
    summary: "Rename, pin, archive, choose the model, or instruct it",
    params: ConversationParams,
    body: PatchConversationSchema,
    response: answers(200, ConversationAnswerSchema, "The conversation as it stands now"),
  };
  app.patch("/api/conversations/:id", { schema: patchSchema }, async (request, reply) => {
    const { title, pinned, archived, model, instructions } = request.body;
    const refusal = refuseBlank("title", title) ?? refuseLongText(request.body);
    if (refusal !== null) return sendProblem(reply, refusal);
    const change = {
      ...(title !== undefined && { title }),
      ...(pinned !== undefined && { pinned }),
      ...(archived !== undefined && { archived }),
      ...(model !== undefined && { model }),
      ...(instructions !== undefined && { instructions }),
    };
    return answer(reply, await engine.patch(request.accountId, conversationIdOf(request.params), change));
  });
}

function registerDeletion(app: App, { engine }: AppContext): void {
  const deleteSchema = {
    summary: "Move to the trash, or erase at once",
    params: ConversationParams,
    querystring: documentedQuery({ permanent: "true erases at once, from the trash too" }),
    response: answers(200, DeletedSchema, "Gone from every list"),
  };
  app.delete("/api/conversations/:id", { schema: deleteSchema }, async (request, reply) => {
    const read = queryOf(request);
    const isPermanent = read.boolean("permanent") ?? false;
    if (read.refusal !== null) return sendProblem(reply, read.refusal);
    const id = conversationIdOf(request.params);
    const outcome = isPermanent ? engine.erase(request.accountId, id) : engine.trash(request.accountId, id);
    return answer(reply, await outcome);
  });

  const restoreSchema = {
    summary: "Take back from the trash",
    params: ConversationParams,
    response: answers(200, ConversationAnswerSchema, "The conversation, live again"),
  };
  app.post("/api/conversations/:id/restore", { schema: restoreSchema }, async (request, reply) => {
    return answer(reply, await engine.restore(request.accountId, conversationIdOf(request.params)));
  });
}

function registerReadPosition(app: App, { engine }: AppContext): void {
  const schema = {
    summary: "Move the read position forward, or mark as unread",
    params: ConversationParams,
    body: MarkReadSchema,
    response: answers(200, ConversationAnswerSchema, "The conversation as it stands now"),
  };
  app.post("/api/conversations/:id/read", { schema }, async (request, reply) => {
    const { seq, message_count: messageCount, unread } = request.body;
    if (seq === undefined && messageCount === undefined && unread === undefined) {
      return sendProblem(reply, NOTHING_TO_MARK);
    }
    const position = {
      ...(seq !== undefined && { seq }),
      ...(messageCount !== undefined && { message_count: messageCount }),
      ...(unread !== undefined && { unread }),
    };
    return answer(reply, await engine.markRead(request.accountId, conversationIdOf(request.params), position));
  });
}

function refuseLongText({ title, instructions }: PatchConversation): Refusal | null {
  return refuseLong({ title: [title, MAX_TITLE_LENGTH], instructions: [instructions, MAX_INSTRUCTIONS_LENGTH] });
}

const NOTHING_TO_MARK: Refusal = { refused: "invalid_body", detail: "One of seq, message_count and unread is needed." };
