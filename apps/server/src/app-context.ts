/** What the routes are given: the engine, the models and the ports that the composition root chose. */
import type { AccountId } from "@instep/protocol";
import type { Engine, StartedTurn } from "@instep/sync-server";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Accounts } from "./accounts/accounts.ts";
import type { People } from "./accounts/open-sign-in.ts";
import type { Presence } from "./push/presence.ts";
import type { Push } from "./push/push.ts";
import type { Settings } from "./settings/config.ts";
import type { ModelCatalogue } from "./generation/model-catalogue.ts";
import type { ConversationQuota } from "./limits/conversation-quota.ts";
import type { Certificate } from "./certificate.ts";
import type { Metrics } from "./metrics.ts";
import type { RequestLimits } from "./limits/request-limits.ts";

export type App = FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, TypeBoxTypeProvider>;

export interface AppContext {
  readonly settings: Settings;
  readonly engine: Engine;
  readonly accounts: Accounts;
  /** Sign-in; null where the local account stands instead. */
  readonly people: People | null;
  readonly catalogue: ModelCatalogue;
  /** Generates the reply of a turn that this process began; never throws. */
  readonly generate: (accountId: AccountId, turn: StartedTurn) => void;
  /** What HTTPS is spoken with; null speaks HTTP. */
  readonly certificate: Certificate | null;
  readonly limits: RequestLimits;
  readonly quota: ConversationQuota;
  /** Who looks just now. */
  readonly presence: Presence;
  readonly push: Push;
  readonly metrics: Metrics;
  readonly log: FastifyBaseLogger;
  readonly lifecycle: Lifecycle;
  /** The program's version, as `GET /api/config` tells it. */
  readonly version: string;
  /** The built page's folder; null where there is none to serve. */
  readonly pageDir: string | null;
  /** How long a stream may be silent before a comment line goes out, in milliseconds; at most 15 s. */
  readonly heartbeatMs: number;
}

/** Whether the program is on its way out. */
export interface Lifecycle {
  isStopping: boolean;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** Whether the route answers without a session. */
    readonly isPublic?: boolean;
    /** Whether it asks a model: counted apart from other calls [LIMIT-1]. */
    readonly isSend?: boolean;
    /** Whether what the route's parameters name is there, where it may not be: asked before a method is refused that the route doesn't have. */
    readonly isThere?: (params: unknown) => Promise<boolean>;
  }
  interface FastifyRequest {
    /** The account that the request speaks for; set before any handler under `/api` that needs one. */
    accountId: AccountId;
    /** Ends the counting of its body; null where it has none. */
    endBody: (() => void) | null;
  }
}
