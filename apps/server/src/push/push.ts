/** Tells a person's devices that a reply is ready, where none of them looks [PUSH-1]. Behind the turn, which it never delays. */
import { type AccountId, beginningOf, type PushNotice, type PushSubscribe } from "@instep/protocol";
import type { EndedReply } from "@instep/sync-server";
import { createHash } from "node:crypto";
import type { ReportLog } from "../report-log.ts";
import { encryptPush, readPushKeys } from "./encrypt-push.ts";
import type { Presence } from "./presence.ts";
import { isPublicAddress, readEndpoint } from "./push-address.ts";
import { sendPush, type PushOutcome, type SendPushPorts } from "./send-push.ts";
import { MAX_SUBSCRIPTIONS, type PushStore } from "./push-store.ts";
import type { Vapid } from "./vapid.ts";

export interface PushParts {
  readonly presence: Presence;
  /** Null where nobody has ever subscribed, unless it is to be written. */
  readonly store: (isToWrite: boolean) => PushStore | null;
  /** Made when it is first asked for. */
  readonly vapid: () => Vapid;
  /** Whether the account may be here at all. */
  readonly isLetIn: (accountId: AccountId) => boolean;
  readonly now: () => number;
  readonly log: ReportLog;
  readonly ports?: SendPushPorts | undefined;
}

/** Who subscribes: the session ends its subscriptions; null where nobody signs in. */
export interface Subscriber {
  readonly accountId: AccountId;
  readonly sessionId: string | null;
}

export interface Push {
  publicKey(): string;
  /** What of the subscription can't be used, or that its session is gone; null where it stands. */
  subscribe(who: Subscriber, subscription: PushSubscribe): "endpoint" | "keys" | "session" | null;
  unsubscribe(accountId: AccountId, endpoint: string): void;
  /** A reply's end is durable. Returns at once; called once for a reply, so that nobody is told twice. */
  tellOfEnd(ended: EndedReply): void;
  /** Gives up what is on its way; resolves when nothing is. */
  stop(): Promise<void>;
}

/** More are dropped: a push service that hangs costs no memory. Of one account as many as it may have subscriptions. */
const MAX_ON_THEIR_WAY = 500;
const MAX_TITLE_CHARACTERS = 200;
const TOPIC_LENGTH = 32;
const INTERNET: SendPushPorts = { isOpen: isPublicAddress };

/** Makes the one of a process. */
export function createPush(parts: PushParts): Push {
  const { presence, log, ports = INTERNET } = parts;
  const stopping = new AbortController();
  /** Each with the account that it is for. */
  const onTheirWay = new Map<Promise<void>, AccountId>();

  async function send(subscription: PushSubscribe, told: PushNotice): Promise<void> {
    const keys = readPushKeys(subscription.keys);
    if (keys === null) return;
    const { endpoint } = subscription;
    const outcome = await sendPush(
      {
        endpoint,
        body: encryptPush(Buffer.from(JSON.stringify(told)), keys),
        authorization: (url) => parts.vapid().authorization(url, parts.now()),
        topic: topicOf(told.conversation_id),
      },
      ports,
      stopping.signal,
    );
    note(outcome, endpoint);
  }

  function note(outcome: PushOutcome, endpoint: string): void {
    if (stopping.signal.aborted) return;
    if (outcome === "gone") parts.store(false)?.removeEndpoint(endpoint);
    if (outcome === "failed") log.warn({ host: new URL(endpoint).host }, "a push service took no message");
  }

  function tellAll(accountId: AccountId, told: PushNotice): void {
    // An account whose services hang takes nobody else's place.
    let room = MAX_SUBSCRIPTIONS - [...onTheirWay.values()].filter((id) => id === accountId).length;
    for (const subscription of parts.store(false)?.of(accountId, parts.now()) ?? []) {
      if (onTheirWay.size >= MAX_ON_THEIR_WAY || room <= 0) return;
      room -= 1;
      const sent: Promise<void> = send(subscription, told)
        .catch((error: unknown) => log.warn({ err: error }, "a push could not be sent"))
        .finally(() => onTheirWay.delete(sent));
      onTheirWay.set(sent, accountId);
    }
  }

  return {
    publicKey: () => parts.vapid().publicKey,
    subscribe({ accountId, sessionId }, subscription) {
      if (readEndpoint(subscription.endpoint, ports.isOpen) === null) return "endpoint";
      if (readPushKeys(subscription.keys) === null) return "keys";
      const isKept = parts.store(true)?.add({ ...subscription, accountId, sessionId }, parts.now()) ?? true;
      return isKept ? null : "session";
    },
    unsubscribe: (accountId, endpoint) => parts.store(false)?.remove(accountId, endpoint),
    tellOfEnd({ accountId, conversationId, kind, title }) {
      if (kind !== "complete" && kind !== "failed") return;
      if (stopping.signal.aborted || presence.looks(accountId)) return;
      const told: PushNotice = {
        conversation_id: conversationId,
        title: beginningOf(title, MAX_TITLE_CHARACTERS),
        kind,
      };
      // Whoever ended the reply goes on first.
      setImmediate(() => {
        try {
          if (parts.isLetIn(accountId)) tellAll(accountId, told);
        } catch (error) {
          log.warn({ err: error }, "who is to be told could not be read");
        }
      });
    },
    async stop() {
      stopping.abort();
      await Promise.all(onTheirWay.keys());
    },
  };
}

/** Says nothing of the conversation to the push service but that it is the same one. */
function topicOf(id: PushNotice["conversation_id"]): string {
  return createHash("sha256").update(`push ${id}`).digest("base64url").slice(0, TOPIC_LENGTH);
}
