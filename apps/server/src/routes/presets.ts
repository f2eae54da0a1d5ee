/** Presets of instructions: an account's own, under names [PRESET-1]. */
import { PresetListSchema, PutPresetSchema } from "@instep/protocol/schemas";
import { isUuid, MAX_INSTRUCTIONS_LENGTH, MAX_PRESET_NAME_LENGTH } from "@instep/protocol";
import type { Refusal } from "@instep/sync-server";
import { Type } from "typebox";
import type { App, AppContext } from "../app-context.ts";
import { sendProblem } from "../problems.ts";
import { refuseBlank, refuseLong } from "./body-rules.ts";
import { answer, answers } from "./route-answers.ts";

const PresetParams = Type.Object({ preset_id: Type.String({ description: "A preset's id, which a device chooses" }) });
const NO_ID: Refusal = {
  refused: "invalid_parameter",
  detail: "preset_id is not a UUID.",
  members: { parameter: "preset_id" },
};
const LIST_ANSWER = answers(200, PresetListSchema, "All presets, in the order of their making");

/** Registers the calls on one's own presets. Each answers with all of them: who changes one learns what else has changed. */
export function registerPresetRoutes(app: App, { engine }: AppContext): void {
  const listSchema = { summary: "One's own presets of instructions", response: LIST_ANSWER };
  app.get("/api/presets", { schema: listSchema }, async (request, reply) =>
    reply.send(await engine.presets(request.accountId)),
  );

  const putSchema = {
    summary: "Keep instructions under a name, as new or in the place of what stands under the id",
    params: PresetParams,
    body: PutPresetSchema,
    response: LIST_ANSWER,
  };
  app.put("/api/presets/:preset_id", { schema: putSchema }, async (request, reply) => {
    const { params, body, accountId } = request;
    if (!isUuid(params.preset_id)) return sendProblem(reply, NO_ID);
    const { name, instructions } = body;
    const long = refuseLong({
      name: [name, MAX_PRESET_NAME_LENGTH],
      instructions: [instructions, MAX_INSTRUCTIONS_LENGTH],
    });
    const refusal = refuseBlank("name", name) ?? refuseBlank("instructions", instructions) ?? long;
    if (refusal !== null) return sendProblem(reply, refusal);
    const preset = { id: params.preset_id.toLowerCase(), name: name.trim(), instructions };
    return answer(reply, await engine.putPreset(accountId, preset));
  });

  const deleteSchema = { summary: "Delete a preset", params: PresetParams, response: LIST_ANSWER };
  app.delete("/api/presets/:preset_id", { schema: deleteSchema }, async (request, reply) =>
    answer(reply, await engine.deletePreset(request.accountId, request.params.preset_id.toLowerCase())),
  );
}
