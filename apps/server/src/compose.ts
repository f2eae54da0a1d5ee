/** The composition root: settings in, a program that can be started and stopped out. Nothing else knows all the parts. */
import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import { LOCAL_ACCOUNT, localAccounts } from "./accounts/accounts.ts";
import type { SignInParts } from "./accounts/open-sign-in.ts";
import type { App, Lifecycle } from "./app-context.ts";
import { createApp } from "./app.ts";
import type { Settings } from "./settings/config.ts";
import { createConversationQuota } from "./limits/conversation-quota.ts";
import { shareTidied } from "./data-folder/data-folder.ts";
import { closeSecrets } from "./data-folder/private-files.ts";
import { generationEnvironment } from "./generation/environment.ts";
import { createGeneration } from "./generation/generation.ts";
import { createModels } from "./generation/models.ts";
import { followRenewals, readCertificate, type Certificate, type Renewal } from "./certificate.ts";
import { createMetrics } from "./metrics.ts";
import { openEngine } from "./open-engine.ts";
import { createLog } from "./program-log.ts";
import { openPush } from "./push/open-push.ts";
import { createPresence } from "./push/presence.ts";
import type { SendPushPorts } from "./push/send-push.ts";
import { createRequestLimits } from "./limits/request-limits.ts";
import { removeLeftImports } from "./import/import-folder.ts";
import { stopProgram } from "./stop-program.ts";
import { startSweeping } from "./sweeping.ts";
import { ownAddress } from "./settings/transport-settings.ts";
import { VERSION } from "./version.ts";
import { WrongSetting } from "./settings/wrong-setting.ts";

export interface Program {
  /** Where it answers, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Stops in order; resolves when nothing is left running. A second call waits for the same stop. */
  stop(): Promise<void>;
  /** Looks at once whether the certificate was renewed. */
  renewCertificate(): void;
}

const PAGE_DIR = fileURLToPath(new URL("../../web/dist", import.meta.url));
const SWEEP_EVERY_MS = 600_000;
/** Below the 15 s of the specification (section 5), with room for a busy loop. */
const HEARTBEAT_MS = 10_000;

export interface ProgramOptions {
  readonly log?: Logger;
  /** The built page's folder; where Vite puts it, unless a test has its own. */
  readonly pageDir?: string;
  readonly heartbeatMs?: number;
  /** How often what nobody needs any more is swept; more often than usual for tests only. */
  readonly sweepEveryMs?: number;
  /** How dear a password's hash is; less than today's for tests only. */
  readonly passwordCostLog2?: number;
  /** Where pushes may go; everywhere on the internet where it is left out. */
  readonly pushPorts?: SendPushPorts;
  /** Told once where the database can't be written any more: nothing but a new start helps. */
  readonly onLost?: () => void;
}

/** Ends what a start has begun: a thread, an open file, a timer. */
type End = () => unknown;

/**
 * Builds every part and listens, with a place in the data folder until it has stopped. Throws what the system says where the address
 * can't be had; a start that fails leaves nothing running and nothing open.
 */
export async function startProgram(settings: Settings, options: ProgramOptions = {}): Promise<Program> {
  const { log = createLog(settings) } = options;
  const leave = shareTidied(settings, (isAlone) => removeLeftImports(settings, isAlone, Date.now()));
  if (leave === null) {
    const why = "is being restored or worked on by a command; start again when that is done";
    throw new WrongSetting("DATA_DIR", `"${settings.dataDir}" ${why}`);
  }
  const begun: End[] = [leave];
  try {
    closeSecrets(settings);
    const program = await startParts(settings, { ...options, log }, begun);
    return { ...program, stop: () => program.stop().finally(leave) };
  } catch (error) {
    await endAll(begun, log);
    throw error;
  }
}

/** The last that was begun is the first to end; one that can't be ended keeps none of the others. */
async function endAll(begun: readonly End[], log: Logger): Promise<void> {
  for (const end of begun.toReversed()) {
    try {
      await end();
    } catch (error) {
      log.error({ err: error }, "a part of a start that failed could not be ended");
    }
  }
}

type StartOptions = ProgramOptions & { readonly log: Logger };

/** Notes in `begun` how each part is ended that has begun. */
async function startParts(settings: Settings, options: StartOptions, begun: End[]): Promise<Program> {
  const { log, pageDir = PAGE_DIR, heartbeatMs = HEARTBEAT_MS } = options;
  // Before anything is opened: a wrong file is told at once.
  const certificate = settings.tls && readCertificate(settings.tls);
  const catalogue = await createModels(modelSettings(settings), generationEnvironment, (problem) => {
    if (problem === null) log.info("the model's server answers");
    else log.warn({ code: problem.code, detail: problem.detail }, "the model's server can't be asked");
  });
  begun.push(() => catalogue.stop());
  const signIn = await loadSignIn(settings, log);
  const engine = await openEngine(settings, {
    defaultModel: () => catalogue.defaultModel?.id ?? "",
    // Until the endpoint has said which models it has, any that a conversation names may exist.
    offeredModels: () => (catalogue.models.length === 0 ? null : catalogue.models.map(({ id }) => id)),
    onReplyEnded: (ended) => push.tellOfEnd(ended),
    ...storageListeners(log, options.onLost),
  });
  begun.push(() => engine.close());
  // Before anything is written: what ends by itself meanwhile ticks clocks that may have been put back.
  await engine.noteStart();
  const people = signIn && signIn({ engine, passwordCostLog2: options.passwordCostLog2 });
  begun.push(() => people?.close());
  const presence = createPresence(() => generationEnvironment.elapsed());
  const push = openPush({ settings, people, presence, log, ports: options.pushPorts });
  begun.push(() => push.stop());
  if (people === null) await engine.ensureAccount(LOCAL_ACCOUNT);
  else await people.finishLeaving();
  const generation = createGeneration({
    engine,
    catalogue,
    environment: generationEnvironment,
    log,
    settings: generationSettings(settings),
  });
  const lifecycle: Lifecycle = { isStopping: false };
  const app = await createApp({
    settings,
    engine,
    catalogue,
    log,
    lifecycle,
    accounts: people?.accounts ?? localAccounts,
    people,
    certificate,
    limits: createRequestLimits(settings, () => generationEnvironment.elapsed()),
    presence,
    push,
    quota: createConversationQuota(settings.maxConversationsPerAccount, engine),
    version: VERSION,
    metrics: createMetrics(() => ({ ...engine.statistics(), ...generation.statistics() })),
    generate: (accountId, turn) => void generation.run(accountId, turn),
    pageDir: existsSync(pageDir) ? pageDir : null,
    heartbeatMs,
  });
  begun.push(() => app.close());
  await app.listen({ host: settings.host, port: settings.port });
  const stopSweeping = startSweeping({
    engine,
    finishLeaving: async () => people?.finishLeaving(),
    intervalMs: options.sweepEveryMs ?? SWEEP_EVERY_MS,
    random: () => generationEnvironment.random(),
    onError: (error) => log.error({ err: error }, "the sweep failed"),
  });
  const renewal = followCertificate(app, { settings, certificate, log });
  let stopped: Promise<void> | null = null;
  return {
    url: urlOf(settings, app.server.address()),
    renewCertificate: () => renewal?.readAgain(),
    stop: async () => {
      generation.beginStop();
      catalogue.stop();
      renewal?.stop();
      stopped ??= stopProgram({ app, engine, lifecycle, graceMs: settings.stopGraceMs, stopSweeping });
      await stopped;
      await push.stop();
      people?.close();
    },
  };
}

function storageListeners(log: Logger, onLost: ProgramOptions["onLost"]) {
  return {
    onTrouble: (error: Error) => log.error({ err: error }, "the database had trouble; it is tried again"),
    onWell: () => log.warn("the database can be written again"),
    onLost(error: Error) {
      log.fatal({ err: error }, "the database is lost");
      onLost?.();
    },
  };
}

/** What lets people in is large: loaded where they sign in, while nobody waits for an answer, which that would hold up [SAFE-2]. */
async function loadSignIn(settings: Settings, log: Logger) {
  const { allowedEmails: allowed } = settings;
  if (allowed === null) return null;
  const { openSignIn } = await import("./accounts/open-sign-in.ts");
  const proof = await import("./accounts/passkey-proof.ts");
  const onPasskeyRefused = (why: string) => log.warn({ why }, "a passkey was refused");
  return (parts: Pick<SignInParts, "engine" | "passwordCostLog2">) =>
    openSignIn({ ...parts, settings, allowed, proof, log, onPasskeyRefused });
}

function modelSettings(settings: Settings) {
  return {
    baseUrl: settings.openaiBaseUrl,
    apiKey: settings.openaiApiKey,
    models: settings.models,
    firstTokenTimeoutMs: settings.modelFirstTokenTimeoutMs,
    silenceTimeoutMs: settings.modelSilenceTimeoutMs,
    demoTokenDelayMs: settings.demoTokenDelayMs,
  };
}

function generationSettings(settings: Settings) {
  return {
    maxReplies: settings.maxReplies,
    contextTokens: settings.modelContextTokens,
    titles: settings.titles,
    limits: { maxCharacters: settings.maxReplyCharacters, maxMs: settings.modelMaxMs },
  };
}

interface CertificateParts {
  readonly settings: Settings;
  readonly certificate: Certificate | null;
  readonly log: Logger;
}

function followCertificate({ server }: App, { settings, certificate, log }: CertificateParts): Renewal | null {
  if (settings.tls === null || certificate === null) return null;
  return followRenewals({
    files: settings.tls,
    server,
    certificate,
    onTaken: () => log.info("the renewed certificate is in use"),
    onFault: (error) => log.error({ err: error }, "the renewed certificate can't be used; the one before is"),
  });
}

function urlOf(settings: Settings, address: AddressInfo | string | null): string {
  return ownAddress(settings, typeof address === "object" && address !== null ? address.port : 0);
}
