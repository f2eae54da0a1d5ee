/** Changes that were made together go to the server together: one call for many conversations, in one transaction there. */
import { type ActionsAnswer, type ConversationAction, MAX_ACTION_IDS, unreachable } from "@instep/protocol";
import type { Environment, Timer } from "../environment.ts";
import { failure, isFailure, type Result } from "../failure.ts";
import type { ConversationChange, OutgoingChange } from "./outbox.ts";
import type { Told, Transport } from "../transport/transport.ts";

export interface SentTogetherPorts {
  readonly transport: Pick<Transport, "act">;
  readonly environment: Pick<Environment, "setTimer" | "clearTimer">;
  /** How many of a batch are still to be sent, from here or elsewhere. */
  readonly leftOf: (batch: string) => number;
}

type SharedAnswer = Result<Told<ActionsAnswer>>;

interface SharedCall {
  readonly action: ConversationAction;
  readonly ids: string[];
  readonly answer: (answer: SharedAnswer) => void;
  readonly answered: Promise<SharedAnswer>;
  timer: Timer;
}

/** So long the first of a batch waits for the next one: each takes its own way through the store and the tabs' locks. */
const GATHER_MS = 50;

export class SentTogether {
  readonly #ports: SentTogetherPorts;
  readonly #gathering = new Map<string, SharedCall>();

  constructor(ports: SentTogetherPorts) {
    this.#ports = ports;
  }

  /** Sends one with those of its batch that come within a moment. The answer is that of the call; not found here is 404 as of then, as by itself [SYNC-11]. */
  async send({ conversationId, batch }: OutgoingChange, action: ConversationAction): Promise<SharedAnswer> {
    const key = `${batch ?? ""} ${action}`;
    const call = this.#gathering.get(key) ?? this.#begin(key, action);
    call.ids.push(conversationId);
    const isWhole = call.ids.length >= Math.min(MAX_ACTION_IDS, this.#ports.leftOf(batch ?? ""));
    if (isWhole) void this.#sendNow(key);
    else this.#gatherOn(key, call);
    const answer = await call.answered;
    if (isFailure(answer) || !answer.missing_ids.includes(conversationId)) return answer;
    const { server_time, epoch } = answer;
    const missing = failure("conversation_not_found", "This conversation is not there.");
    return { ...missing, status: 404, problem: { server_time, epoch } };
  }

  /** Leaves no timer: what has not gone yet waits in the outbox [DEV-2]. */
  close(): void {
    for (const [key, call] of this.#gathering) {
      this.#ports.environment.clearTimer(call.timer);
      this.#gathering.delete(key);
      call.answer(failure("aborted", "Given up."));
    }
  }

  #begin(key: string, action: ConversationAction): SharedCall {
    const { promise, resolve } = Promise.withResolvers<SharedAnswer>();
    const call: SharedCall = { action, ids: [], answer: resolve, answered: promise, timer: null };
    this.#gathering.set(key, call);
    return call;
  }

  #gatherOn(key: string, call: SharedCall): void {
    const { environment } = this.#ports;
    environment.clearTimer(call.timer);
    call.timer = environment.setTimer(() => void this.#sendNow(key), GATHER_MS);
  }

  async #sendNow(key: string): Promise<void> {
    const call = this.#gathering.get(key);
    if (!call) return;
    this.#ports.environment.clearTimer(call.timer);
    this.#gathering.delete(key);
    call.answer(await this.#ports.transport.act({ action: call.action, ids: call.ids }));
  }
}

/** What the call for many does where this does it to one; null where there is none. */
export function actionOf(change: ConversationChange): ConversationAction | null {
  switch (change.key) {
    case "pinned":
      return change.value ? "pin" : "unpin";
    case "archived":
      return change.value ? "archive" : "unarchive";
    case "removed":
      return change.value ? "trash" : "restore";
    case "read":
      // A position is each conversation's own.
      return change.value.unread ? "unread" : null;
    case "title":
    case "model":
      return null;
    default:
      return unreachable(change);
  }
}
