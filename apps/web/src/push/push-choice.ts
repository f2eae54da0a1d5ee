/** Whether this device is told of replies by a push: asked for by a person only, and kept in step with the browser and the server. */
import type { PushKey, PushSubscribe } from "@instep/protocol";
import { type Failure, isFailure, type Result } from "../sync/device.ts";

/** Why a browser can't. */
export type PushRefusal = "insecure" | "not-installed" | "unsupported" | "denied";

/** What of the browser is used; `browser-push.ts` is the real one. */
export interface PushBrowser {
  /** Null where it can, as far as one knows without asking. */
  readonly refusal: () => PushRefusal | null;
  /** Whether a person has let the page notify him already. */
  readonly isGranted: () => boolean;
  /** Asks the person, where that wasn't done. */
  readonly ask: () => Promise<boolean>;
  readonly subscription: () => Promise<PushSubscribe | null>;
  /** Rejects where its push service isn't there, or there is no worker. */
  readonly subscribe: (key: string) => Promise<PushSubscribe>;
  readonly unsubscribe: () => Promise<void>;
}

export interface PushCalls {
  readonly key: () => Promise<Result<PushKey>>;
  readonly add: (subscription: PushSubscribe) => Promise<Result<unknown>>;
  readonly remove: (endpoint: string) => Promise<Result<unknown>>;
}

/** Keeps on the device that the account has asked for it, and by which endpoint. */
export interface KeptChoice {
  readonly get: () => string | null;
  readonly set: (endpoint: string) => void;
  readonly remove: () => void;
}

export type PushProblem = PushRefusal | "no-service" | Failure;

export interface PushState {
  readonly isOn: boolean;
  readonly problem: PushProblem | null;
}

export interface PushChoice {
  /** What holds, without asking anybody. */
  readonly state: () => Promise<PushState>;
  /** For a person's press alone: browsers ask back. */
  readonly turnOn: () => Promise<PushState>;
  readonly turnOff: () => Promise<PushState>;
  /**
   * Tells the server again what was chosen: the session may be another one, and the browser may have changed its subscription. Where
   * somebody else, or nobody, is signed in by now, the browser's subscription ends until the account is back: true.
   */
  readonly renew: () => Promise<boolean>;
}

export interface PushChoicePorts {
  readonly browser: PushBrowser;
  readonly calls: PushCalls;
  readonly kept: KeptChoice;
}

const OFF: PushState = { isOn: false, problem: null };

/** Makes the choice of one account in this browser. */
export function createPushChoice({ browser, calls, kept }: PushChoicePorts): PushChoice {
  async function subscribe(): Promise<PushState> {
    const key = await calls.key();
    if (isFailure(key)) return { isOn: false, problem: key };
    return addSubscription(await browser.subscribe(key.public_key));
  }

  async function addSubscription(subscription: PushSubscribe): Promise<PushState> {
    const outcome = await calls.add(subscription);
    if (isFailure(outcome)) return { isOn: false, problem: outcome };
    kept.set(subscription.endpoint);
    return { isOn: true, problem: null };
  }

  return {
    state: orNoService(async () => {
      const refusal = browser.refusal();
      if (refusal !== null) return { isOn: false, problem: refusal };
      const subscription = await browser.subscription();
      return { isOn: subscription !== null && subscription.endpoint === kept.get(), problem: null };
    }),
    turnOn: orNoService(async () => {
      const refusal = browser.refusal();
      if (refusal !== null) return { isOn: false, problem: refusal };
      if (!(await browser.ask())) return { isOn: false, problem: browser.refusal() };
      // Whoever used this browser before is told no more, and another key is no hindrance.
      await browser.unsubscribe();
      return subscribe();
    }),
    turnOff: orNoService(async () => {
      const endpoint = kept.get();
      kept.remove();
      await browser.unsubscribe();
      // A server that can't be asked is told by the push service, which knows the endpoint no more.
      if (endpoint !== null) await calls.remove(endpoint);
      return OFF;
    }),
    async renew() {
      const endpoint = kept.get();
      if (endpoint === null || browser.refusal() !== null || !browser.isGranted()) return false;
      const subscription = await browser.subscription();
      const { problem } = await (subscription === null ? subscribe() : addSubscription(subscription));
      const isAway = isFailure(problem) && problem.failed === "unauthorized";
      if (!isAway || subscription?.endpoint !== endpoint) return false;
      await browser.unsubscribe();
      return true;
    },
  };
}

/** Browsers say in words of their own what is missing: a push service that is blocked, most often. */
function orNoService(act: () => Promise<PushState>): () => Promise<PushState> {
  return async () => {
    try {
      return await act();
    } catch {
      return { isOn: false, problem: "no-service" };
    }
  };
}
