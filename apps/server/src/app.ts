/** The HTTP application: framework, guards, problems and every route, over what the composition root gives it. */
import compress from "@fastify/compress";
import fastify, { LogController, type FastifyReply, type FastifyRequest } from "fastify";
import type { Refusal } from "@instep/sync-server";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Compile } from "typebox/compile";
import type { TSchema } from "typebox";
import type { People } from "./accounts/open-sign-in.ts";
import type { App, AppContext } from "./app-context.ts";
import { createSyncHandler, isSyncAddress, setSyncHeaders, type SyncHandler } from "./http/answer-sync.ts";
import { addGuards } from "./http/request-guards.ts";
import { createHttpServer } from "./http/http-server.ts";
import { nameMethod, refuseOtherMethods } from "./http/other-methods.ts";
import { registerOpenApi } from "./http/openapi.ts";
import { BODY_TIMEOUT_MS, limitBodyTime } from "./http/body-timeout.ts";
import { createOriginGuard } from "./http/origin-guard.ts";
import { endWhereStalled } from "./http/backpressure.ts";
import { readBodies } from "./http/read-body.ts";
import { setCommonHeaders, setTransportHeader } from "./http/security-headers.ts";
import { registerPage } from "./http/static-page.ts";
import { createUnknownAnswer, type AnswerUnknown } from "./http/unknown-address.ts";
import { sendProblem, STOPPING, translateError, writeProblem } from "./problems.ts";
import { registerActionRoutes } from "./routes/actions.ts";
import { registerConfigRoutes } from "./routes/config.ts";
import { registerConversationRoutes } from "./routes/conversations.ts";
import { registerExportRoutes } from "./routes/export.ts";
import { registerHealthRoutes } from "./routes/health.ts";
import { registerImportRoutes } from "./routes/import.ts";
import { registerMeRoutes } from "./routes/me.ts";
import { registerMessageRoutes } from "./routes/messages.ts";
import { registerOidcRoutes } from "./routes/oidc.ts";
import { registerPasskeyRoutes } from "./routes/passkeys.ts";
import { registerPasskeySignInRoutes } from "./routes/passkey-sign-in.ts";
import { registerPasswordRoutes } from "./routes/passwords.ts";
import { registerPresetRoutes } from "./routes/presets.ts";
import { registerPushRoutes } from "./routes/push.ts";
import { registerReplyRoutes } from "./routes/replies.ts";
import { registerSearchRoutes } from "./routes/search.ts";
import { registerSessionRoutes } from "./routes/sessions.ts";
import { registerSignInRoutes } from "./routes/sign-in.ts";
import { registerSyncRoutes } from "./routes/sync.ts";
import { registerTokenRoutes } from "./routes/tokens.ts";
import { registerTrashRoutes } from "./routes/trash.ts";
import { registerTurnRoutes } from "./routes/turns.ts";
import { registerVersionRoutes } from "./routes/versions.ts";
import { schemeOf } from "./settings/transport-settings.ts";
import { writeUnreadable } from "./http/unreadable-request.ts";

/** Longer than any header may be, so that an odd id is looked up (and not found) like any other. */
const LONGEST_PARAMETER = 16_384;
/** Compressed in one call up to this many bytes; more goes to zlib's threads. */
const COMPRESS_AT_ONCE_BYTES = 8192;

/** Builds the application; it listens to nothing yet. */
export async function createApp(context: AppContext): Promise<App> {
  const handleSync = createSyncHandler(context);
  const answerUnknown = createUnknownAnswer(context.pageDir);
  const app: App = fastify({
    loggerInstance: context.log,
    logController: new LogController({ disableRequestLogging: true }),
    // A logger for each request costs more than most requests have to say.
    childLoggerFactory: (logger) => logger,
    bodyLimit: context.settings.bodyLimitBytes,
    trustProxy: context.settings.trustedProxies.length > 0 && [...context.settings.trustedProxies],
    routerOptions: { maxParamLength: LONGEST_PARAMETER, ignoreTrailingSlash: false },
    serverFactory: (handler) =>
      createHttpServer(createDispatcher(context, { handler, handleSync }), context.certificate),
    clientErrorHandler: (error, socket) => writeUnreadable(socket, error.code),
    // An address that can't be read.
    frameworkErrors: (error, request, reply) => void answerUnknown(request, reply, translateError(error).refusal),
  });
  app.setValidatorCompiler(({ schema, httpPart }) => compileValidator(schema as TSchema, httpPart));
  app.setSerializerCompiler(() => (payload) => JSON.stringify(payload));
  readBodies(app);
  addGuards(app, context);
  addProblems(app, context, answerUnknown);
  await app.register(compress, { encodings: ["br", "gzip"], syncThreshold: COMPRESS_AT_ONCE_BYTES, threshold: 1024 });
  const refuseOthers = refuseOtherMethods(app, context.limits);
  await registerOpenApi(app, context.version);
  registerRoutes(app, context, handleSync);
  await registerImportRoutes(app, context);
  await registerPage(app, context.pageDir);
  refuseOthers();
  await app.ready();
  return app;
}

function registerRoutes(app: App, context: AppContext, handleSync: SyncHandler): void {
  registerSyncRoutes(app, handleSync);
  registerConversationRoutes(app, context);
  registerActionRoutes(app, context);
  registerMessageRoutes(app, context);
  registerTrashRoutes(app, context);
  registerTurnRoutes(app, context);
  registerVersionRoutes(app, context);
  registerReplyRoutes(app, context);
  registerSearchRoutes(app, context);
  registerMeRoutes(app, context);
  registerPresetRoutes(app, context);
  registerPushRoutes(app, context);
  registerExportRoutes(app, context);
  if (context.people !== null) registerPeopleRoutes(app, context, context.people);
  registerConfigRoutes(app, context);
  registerHealthRoutes(app, context);
}

function registerPeopleRoutes(app: App, context: AppContext, people: People): void {
  registerOidcRoutes(app, context, people);
  registerSignInRoutes(app, people);
  registerPasskeySignInRoutes(app, context, people);
  registerPasswordRoutes(app, people);
  registerPasskeyRoutes(app, context, people);
  registerSessionRoutes(app, people);
  registerTokenRoutes(app, people);
}

interface Handlers {
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  readonly handleSync: SyncHandler;
}

const PROBES: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/metrics"]);

/** Takes the sync call before the framework; turns away other sites and, while stopping, everything else but the probes. */
function createDispatcher(context: AppContext, { handler, handleSync }: Handlers) {
  const { settings, accounts, lifecycle } = context;
  const guard = createOriginGuard({
    isLocalAccount: accounts.mode === "local",
    publicUrl: settings.publicUrl,
    scheme: schemeOf(settings),
  });
  return (request: IncomingMessage, response: ServerResponse): void => {
    limitBodyTime(request, BODY_TIMEOUT_MS);
    const foreign = guard({ method: request.method ?? "", url: request.url ?? "", headers: request.headers });
    const isAsked = foreign === null && request.method === "GET" && isSyncAddress(request.url);
    if (isAsked) handleSync(request, response, passOn);
    else passOn(request, response, foreign);
  };

  function passOn(request: IncomingMessage, response: ServerResponse, foreign: Refusal | null = null): void {
    endWhereStalled(response);
    if (isSyncAddress(request.url)) setSyncHeaders(response);
    else setCommonHeaders(response);
    setTransportHeader(response, settings.hstsSeconds);
    if (foreign !== null) return writeProblem(response, foreign);
    if (lifecycle.isStopping) {
      response.shouldKeepAlive = false;
      if (!PROBES.has(request.url ?? "")) return writeProblem(response, STOPPING);
    }
    nameMethod(request);
    handler(request, response);
  }
}

/** Bodies are checked by their schema; everything else is read by hand, so that a refusal can say which and why. */
function compileValidator(schema: TSchema, httpPart: string | undefined) {
  if (httpPart !== "body") return (value: unknown) => ({ value });
  const check = Compile(schema);
  return (value: unknown) => (check.Check(value) ? { value } : { error: check.Errors(value) });
}

function addProblems(app: App, { metrics, log }: AppContext, answerUnknown: AnswerUnknown): void {
  app.setNotFoundHandler((request, reply) => answerUnknown(request, reply, { refused: "not_found" }));
  app.setErrorHandler((error, request, reply) => {
    const { refusal, isOurs } = translateError(error);
    if (isOurs) log.error({ err: error, method: request.method, route: request.routeOptions.url }, "a request failed");
    return sendProblem(reply, refusal);
  });
  app.addHook("onResponse", async (request, reply) => count(request, reply));

  function count(request: FastifyRequest, reply: FastifyReply): void {
    const route = request.routeOptions.url ?? "unknown";
    const { method } = request;
    const milliseconds = reply.elapsedTime;
    metrics.count({ method, route, status: reply.statusCode, seconds: milliseconds / 1000 });
    log.debug({ method, route, status: reply.statusCode, milliseconds }, "answered");
  }
}
