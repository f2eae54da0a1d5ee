/**
 * The engine behind plain `node:http`: `POST /append?<conversation>` appends the body, `POST /turn?<conversation>` runs a turn whose
 * model answers at once, `GET /open?<conversation>` reads one, and anything else is the idle increment of another account.
 */
import {
  parseTimestamp,
  type AccountId,
  type ClientMessageId,
  type ConversationId,
  type Micros,
  type SyncResponse,
} from "@instep/protocol";
import { isRefusal, type Account, type BegunTurn, type Engine, type Outcome } from "@instep/sync-server";
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { LOCAL_ACCOUNT } from "../../apps/server/src/accounts/accounts.ts";
import { openDurableEngine } from "../open-engine.ts";
import { answerJson, listen, textOf } from "./listen.ts";

const IDLE_ACCOUNT: Account = {
  id: "00000000-0000-4000-8000-00000000fffe" as AccountId,
  email: null,
  name: "Idle",
  unreadScope: "device",
};
const QUESTION = { full: false, epoch: null, waitS: 0, limit: 1, page: null, ifNoneMatch: null };

/** Serves the database in the folder. */
export async function serveEngine(folder: string): Promise<string> {
  const engine = await openDurableEngine(folder);
  await engine.ensureAccount(IDLE_ACCOUNT);
  const known = await sync(engine, null);
  const since = parseTimestamp((JSON.parse(known) as SyncResponse).server_time);
  return listen((request, response) => {
    answer({ engine, since, request, response }).catch(
      (error: unknown) => void response.writeHead(500).end(String(error)),
    );
  });
}

interface Call {
  readonly engine: Engine;
  readonly since: Micros | null;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function answer({ engine, since, request, response }: Call): Promise<void> {
  const [path = "", id = ""] = (request.url ?? "").split("?");
  const conversationId = id as ConversationId;
  switch (path) {
    case "/append": {
      const message = { role: "user", content: await textOf(request) } as const;
      return answerJson(response, JSON.stringify(done(await engine.append(LOCAL_ACCOUNT.id, conversationId, message))));
    }
    case "/turn":
      return answerJson(response, JSON.stringify(await runTurn(engine, conversationId, await textOf(request))));
    case "/open":
      return answerJson(response, JSON.stringify(done(await engine.open(LOCAL_ACCOUNT.id, conversationId, 50))));
    default:
      return answerJson(response, await sync(engine, since));
  }
}

async function sync(engine: Engine, since: Micros | null): Promise<string> {
  const answered = done(await engine.sync(IDLE_ACCOUNT.id, { ...QUESTION, since }));
  return answered.kind === "answer" ? answered.json : "";
}

/** The user message committed, the reply written and ended: what a turn costs where the model costs nothing. */
async function runTurn(engine: Engine, conversationId: ConversationId, text: string): Promise<BegunTurn> {
  const accountId: AccountId = LOCAL_ACCOUNT.id;
  const clientMessageId = randomUUID() as string as ClientMessageId;
  const plain = { model: null, expectedLastSeq: null, replaceFromSeq: null };
  const turn = done(await engine.beginTurn(accountId, { conversationId, text, clientMessageId, ...plain }));
  const writer = engine.replyWriter(accountId, turn.replyId);
  writer?.write("An answer of about the usual length for a chat, but all at once.");
  await writer?.end({ kind: "complete" });
  return turn.kind === "started" ? { ...turn, history: [] } : turn;
}

function done<T>(outcome: Outcome<T>): T {
  if (isRefusal(outcome)) throw new Error(outcome.refused);
  return outcome;
}
