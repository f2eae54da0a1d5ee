/** One message on its way: what it is made of, and what becomes of it. Pure. */
import type { ConversationId, Send } from "@instep/protocol";
import type { SendOptions } from "../device.ts";
import { type Failure, failure, isPassing } from "../failure.ts";
import type { Baseline } from "../unread.ts";

/** A message on its way. */
export interface OutgoingSend {
  readonly kind: "send";
  /** Entries go in this order. */
  readonly order: number;
  /** The `client_message_id`, which makes the send exactly-once [TURN-3]. */
  readonly id: string;
  readonly conversationId: ConversationId;
  /** Null where a reply is asked again. */
  readonly text: string | null;
  readonly model: string | null;
  readonly replaceFromSeq: number | null;
  /** What this tab had seen when it was sent; null where it may be appended whatever came meanwhile. Where it replaces, never null. */
  readonly expectedLastSeq: number | null;
  readonly mode: "stream" | "batch";
  /** The conversation has to be made first [ID-1]. */
  readonly isFirst: boolean;
  /** With which it is made. */
  readonly instructions?: string;
  readonly state: "waiting" | "sending" | "rejected";
  readonly problem: Failure | null;
  /** One of its tries had no answer of the server's own, so it may have arrived. */
  readonly isUnsure?: boolean;
}

/** What a send is made of, before it waits in the outbox. */
export interface SendDraft extends Pick<OutgoingSend, "id" | "conversationId" | "text" | "isFirst"> {
  readonly options: SendOptions;
  readonly shown: Baseline | undefined;
  /** Nothing of its conversation is on its way before it, and no reply runs there, from here or elsewhere. */
  readonly isAlone: boolean;
}

/** A new send. One that waits for others of its conversation is appended to them, whatever they are; what replaces is always guarded. */
export function newSend({ options, shown, isAlone, ...draft }: SendDraft): Omit<OutgoingSend, "order"> {
  const { model = null, replaceFromSeq = null, mode = "stream", instructions } = options;
  const isGuarded = replaceFromSeq !== null || (isAlone && shown?.skipped === 0);
  const expectedLastSeq = isGuarded ? seenSeq(shown) : null;
  const made = draft.isFirst && instructions !== undefined ? { instructions } : {};
  const begun = { kind: "send", state: "waiting", problem: null } as const;
  return { ...draft, ...made, ...begun, model, replaceFromSeq, expectedLastSeq, mode };
}

/** A send as it travels. */
export function sendOf(entry: OutgoingSend): Send {
  return {
    client_message_id: entry.id,
    ...(entry.text !== null && { message: entry.text }),
    ...(entry.model !== null && { model: entry.model }),
    ...(entry.expectedLastSeq !== null && { expected_last_seq: entry.expectedLastSeq }),
    ...(entry.replaceFromSeq !== null && { replace_from_seq: entry.replaceFromSeq }),
  };
}

/** Whether a try that failed so may have been taken all the same: an answer that is awaited ends with the session, too [SIGN-3]. */
function mayHaveArrived({ status }: Failure): boolean {
  return status === 0 || status === 401 || status >= 500;
}

/** Why a send waits where a turn of this tab's own runs; the server would say the same. */
export const REPLY_RUNS: Failure = { ...failure("reply_running", "A reply is being written."), status: 409 };

/** Whether the server has said that a reply has to end first. */
export function waitsForReply(problem: Failure | null): boolean {
  return problem?.failed === "reply_running";
}

/** What a failed send is from now on: waiting again where that can help, else for a person to decide. While it is a first one, it was not sent. */
export function afterFailure(entry: OutgoingSend, problem: Failure): Partial<OutgoingSend> {
  const isWaiting = isPassing(problem) || waitsForReply(problem);
  const isUnsure = entry.isUnsure === true || (!entry.isFirst && mayHaveArrived(problem));
  return { state: isWaiting ? "waiting" : "rejected", problem, isUnsure, expectedLastSeq: expectedAfterWait(entry) };
}

/** What the model's side can do wrong in a batch, after the user message was stored [TURN-9]. */
const AFTER_COMMIT = /^model_|^reply_interrupted$/;

/** What has become of a send that failed, or whose conversation could not be made; `undefined` where it has left the outbox already. */
export function fateOf(
  sent: OutgoingSend | undefined,
  { failed }: Failure,
): "arrived" | "answered" | "orphaned" | "waits" {
  // The message is there, only its reply can't be followed any more; or it was, and went with its conversation [TURN-8].
  if (!sent || (failed === "conversation_deleted" && !sent.isFirst)) return "arrived";
  // It expects nothing, so it was there itself, and was replaced so long ago that nothing of its turn is kept [TURN-3].
  if (failed === "stale_conversation" && sent.expectedLastSeq === null) return "arrived";
  if (AFTER_COMMIT.test(failed)) return "answered";
  return /^conversation_(not_found|trashed|deleted)$/.test(failed) ? "orphaned" : "waits";
}

/** What a send is once a person asks for it again, with what is on screen before their eyes: a model that was refused is not asked for again [TURN-10]. */
export function afterRetry(
  { replaceFromSeq, problem }: OutgoingSend,
  shown: Baseline | undefined,
): Partial<OutgoingSend> {
  const seen = replaceFromSeq === null ? {} : { expectedLastSeq: seenSeq(shown) };
  const allowed = problem?.failed === "unknown_model" ? { model: null } : {};
  return { state: "waiting", problem: null, ...seen, ...allowed };
}

/** Up to which number everything was seen, or belongs to messages that were ended. */
function seenSeq(shown: Baseline | undefined): number {
  return (shown?.seq ?? 0) + (shown?.skipped ?? 0);
}

/** A message that waited is appended to whatever came meanwhile; one that ends messages may end only those that were seen [TURN-7]. */
export function expectedAfterWait({ replaceFromSeq, expectedLastSeq }: OutgoingSend): number | null {
  return replaceFromSeq === null ? null : expectedLastSeq;
}
