/** The same done to many conversations at once (SPEC section 4). */
import type { Actions, ConversationId } from "@instep/protocol";
import { ActionsAnswerSchema, ActionsSchema } from "@instep/protocol/schemas";
import type { Refusal } from "@instep/sync-server";
import type { App, AppContext } from "../app-context.ts";
import { storedId } from "../http/path-ids.ts";
import { sendProblem } from "../problems.ts";
import { answer, answers } from "./route-answers.ts";

/** Registers `POST /api/conversations/actions`. */
export function registerActionRoutes(app: App, { engine }: AppContext): void {
  const schema = {
    summary: "Do the same to many conversations, in one transaction; or read all of them",
    body: ActionsSchema,
    response: answers(
      200,
      ActionsAnswerSchema,
      "What it came to; missing_ids are those that a call on one would not have found",
    ),
  };
  app.post("/api/conversations/actions", { schema }, async (request, reply) => {
    const { action, ids, all } = request.body;
    const refusal = refuseActions(request.body);
    if (refusal !== null) return sendProblem(reply, refusal);
    const { accountId } = request;
    if (all === true) return answer(reply, await engine.readAll(accountId));
    // What can't be an id is found by nobody.
    const named = (ids ?? []).map((id) => storedId(id) as ConversationId);
    return answer(reply, await engine.act(accountId, { action, ids: named }));
  });
}

function refuseActions({ action, ids, all }: Actions): Refusal | null {
  if ((ids === undefined) === (all === undefined)) return invalid("Either ids or all is needed.", "ids");
  if (all === true && action !== "read") return invalid("all goes with the action read only.", "all");
  return null;
}

function invalid(detail: string, field: string): Refusal {
  return { refused: "invalid_body", detail, members: { field } };
}
