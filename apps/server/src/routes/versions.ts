/** What once stood where a message stands, and bringing it back [MSG-5]. */
import type { VersionId } from "@instep/protocol";
import { MessagePageSchema, RestoreVersionSchema, VersionListSchema } from "@instep/protocol/schemas";
import { Type } from "typebox";
import type { App, AppContext } from "../app-context.ts";
import { sendProblem } from "../problems.ts";
import { queryOf } from "../http/query-reader.ts";
import { answer, answers, documentedQuery } from "./route-answers.ts";
import { ConversationParams, conversationIdOf } from "../http/path-ids.ts";

const PlaceParams = Type.Object({
  ...ConversationParams.properties,
  seq: Type.String({ description: "The seq of a live message" }),
});
const VersionParams = Type.Object({
  ...ConversationParams.properties,
  version_id: Type.String({ description: "A version's id" }),
});

/** Registers the calls on versions. */
export function registerVersionRoutes(app: App, { engine }: AppContext): void {
  const listSchema = {
    summary: "What once stood where a message stands, oldest first",
    params: PlaceParams,
    querystring: documentedQuery({ cursor: "next_cursor of the page before" }),
    response: answers(200, VersionListSchema, "The versions"),
  };
  app.get("/api/conversations/:id/versions/:seq", { schema: listSchema }, async (request, reply) => {
    const { seq: written } = request.params;
    const seq = Number(written);
    if (!/^\d+$/.test(written) || !Number.isSafeInteger(seq)) {
      const members = { parameter: "seq" };
      return sendProblem(reply, { refused: "invalid_parameter", detail: "seq is not a whole number.", members });
    }
    const read = queryOf(request);
    const place = { seq, cursor: read.cursor("cursor") };
    const { accountId, params } = request;
    return answer(reply, read.refusal ?? (await engine.versions(accountId, conversationIdOf(params), place)));
  });

  const restoreSchema = {
    summary: "Bring a version back as new messages; what stands in its place becomes a version",
    params: VersionParams,
    body: RestoreVersionSchema,
    response: answers(200, MessagePageSchema, "The messages that came back"),
  };
  app.post("/api/conversations/:id/versions/:version_id/restore", { schema: restoreSchema }, async (request, reply) => {
    const { accountId, params, body } = request;
    const version = {
      versionId: params.version_id.toLowerCase() as VersionId,
      expectedLastSeq: body.expected_last_seq,
    };
    return answer(reply, await engine.restoreVersion(accountId, conversationIdOf(params), version));
  });
}
