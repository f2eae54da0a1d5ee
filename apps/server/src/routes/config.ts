/** `GET /api/config`: what a device is told before it asks for anything else (SPEC section 4). */
import type { Config } from "@instep/protocol";
import { ConfigSchema } from "@instep/protocol/schemas";
import { isRefusal } from "@instep/sync-server";
import { relyingPartyOf } from "../accounts/relying-party.ts";
import type { App, AppContext } from "../app-context.ts";
import { answers } from "./route-answers.ts";

/** Registers `GET /api/config`; it answers without a session. */
export function registerConfigRoutes(app: App, context: AppContext): void {
  const schema = {
    summary: "Intervals, models and sign-in",
    response: answers(200, ConfigSchema, "The configuration"),
  };
  app.get("/api/config", { schema, config: { isPublic: true } }, async (request, reply) => {
    await context.catalogue.refresh();
    return reply.send(configOf(context, request.headers.host));
  });
}

function configOf(context: AppContext, host: string | undefined): Config {
  const { settings, accounts, people, catalogue, version } = context;
  const { problem } = catalogue;
  return {
    sync: {
      poll_interval_ms: settings.pollIntervalMs,
      full_sync_threshold_ms: settings.fullSyncThresholdMs,
      live: settings.live,
      max_wait_s: settings.maxWaitS,
    },
    models: catalogue.models.map(({ id, name }) => ({ id, name })),
    default_model: catalogue.defaultModel?.id ?? "",
    ...(settings.openaiBaseUrl === null && { is_demo: true }),
    ...(problem && { models_problem: { code: problem.code, detail: problem.detail } }),
    auth: {
      mode: accounts.mode,
      ...(people?.oidc && { oidc: { name: people.oidc.name } }),
      ...(people && !isRefusal(relyingPartyOf(settings, host)) && { passkeys: true }),
    },
    version,
  };
}
