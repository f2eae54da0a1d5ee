/** Where subscriptions are kept: beside the sessions, so that they end in the very transaction in which their session or account does. */
import type { AccountId, PushSubscribe } from "@instep/protocol";

/** Of an account; more browsers than anybody has. */
export const MAX_SUBSCRIPTIONS = 20;

export interface NewSubscription extends PushSubscribe {
  readonly accountId: AccountId;
  /** Where it isn't the account's, nothing is kept. */
  readonly replaces?: string;
  /** Null for the local account, which has no sessions. */
  readonly sessionId: string | null;
}

export interface PushStore {
  /**
   * Keeps it, once for an endpoint; where an account has too many, its oldest one goes. Whoever shows the same keys is the same browser.
   * False where the session is gone.
   */
  add(subscription: NewSubscription, now: number): boolean;
  remove(accountId: AccountId, endpoint: string): void;
  /** The push service knows it no more. */
  removeEndpoint(endpoint: string): void;
  /** Those of the account whose session holds. */
  of(accountId: AccountId, now: number): readonly PushSubscribe[];
}
