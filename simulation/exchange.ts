/** A request under way, and a stream that comes of it: latency, and the fault that it meets. */
import type { TurnEvent } from "@instep/protocol";
import { type EventStream, type Failure, isFailure, type Result } from "@instep/sync-client";
import type { CallKind, FaultKind } from "./step.ts";
import type { CancelTimer, VirtualTime } from "./virtual-time.ts";

/** Who asks: a page that may be frozen, or gone before the answer comes. */
export interface Caller {
  /** Runs it as soon as the page runs; never, where the page is gone. */
  deliver(run: () => void): void;
}

/** The server as the network sees it. */
export interface Host {
  readonly isUp: boolean;
  /** Keeps a connection, so that it is cut when the server dies; returns what lets go of it. */
  connect(cut: () => void): () => void;
}

export interface RemoteCall<T> {
  readonly caller: Caller;
  readonly kind: Exclude<CallKind, "any">;
  /** What its connection is kept open for: a conversation's reply, or whatever changes; none where it is answered at once. */
  readonly topic?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** After how long the device gives up. */
  readonly deadlineMs: number;
  /** What the server does; the signal tells it that nobody waits any more. */
  readonly run: (signal: AbortSignal) => Promise<Result<T>>;
}

/** A fault that waits for its call. */
export interface ArmedFault {
  readonly call: CallKind;
  readonly kind: FaultKind;
  readonly ms: number;
  times: number;
}

type Sent = Awaited<ReturnType<EventStream["next"]>>;

/** A stream says at least every so often that it lives. */
export const STREAM_SIGN_MS = 15_000;
export const UNREACHABLE: Failure = failed("unreachable", 0);
/** The answer to whoever has no session. */
export const SIGNED_OUT: Failure = failed("unauthorized", 401);

/** Ends a connection, and says why. */
export type Cut = (why: Failure) => void;

/** What a request is made of once it leaves. */
export interface Begun<T> {
  readonly call: RemoteCall<T>;
  readonly fault: ArmedFault | null;
  readonly thereMs: number;
  readonly backMs: number;
  readonly time: VirtualTime;
  readonly host: Host;
  readonly count: (kind: "offline" | "signed-out" | "server-down" | "server-died") => void;
  readonly isOnline: () => boolean;
  readonly isSignedIn: () => boolean;
  readonly opened: (cut: Cut) => () => void;
  /** The connection is kept open; returns what ends that. */
  readonly keep: () => () => void;
}

/** A request under way. */
export class Exchange<T> {
  /** Whether the connection outlives the answer, as a stream's does. */
  keepsOpen = false;
  /** Called where the connection is cut after the answer. */
  onCut: () => void = () => {};
  readonly #begun: Begun<T>;
  readonly #settle: (result: Result<T>) => void;
  readonly #server = new AbortController();
  readonly #endings: CancelTimer[] = [];
  #isSettled = false;
  #isClosed = false;

  constructor(begun: Begun<T>, settle: (result: Result<T>) => void) {
    this.#begun = begun;
    this.#settle = settle;
  }

  start(): void {
    const { call, time, isOnline, count, thereMs, fault, opened } = this.#begun;
    const { signal } = call;
    if (signal?.aborted) return this.#answer(failed("aborted", 0));
    const abandon = (): void => {
      this.#answer(failed("aborted", 0));
      this.close();
    };
    signal?.addEventListener("abort", abandon, { once: true });
    this.#endings.push(() => signal?.removeEventListener("abort", abandon));
    if (!isOnline()) {
      count("offline");
      time.after(1, () => this.#fail(UNREACHABLE));
      return;
    }
    this.#endings.push(opened((why) => this.cut(why)));
    if (!this.keepsOpen) this.#endings.push(this.#begun.keep());
    this.#endings.push(time.after(call.deadlineMs, () => this.#fail(failed("timed_out", 0))));
    if (fault?.kind === "request-hangs") return;
    time.after(thereMs, () => this.#arrive());
    if (fault?.kind === "request-doubled") time.after(thereMs + fault.ms, () => this.#arriveAgain());
  }

  /** The device lets go: the server learns of it a way later. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const end of this.#endings.splice(0)) end();
    this.#begun.time.after(this.#begun.thereMs, () => this.#server.abort());
  }

  /** The connection breaks for both sides. */
  cut(why: Failure): void {
    if (this.#isClosed) return;
    if (this.#isSettled) this.onCut();
    else this.#fail(why);
    this.close();
  }

  #arrive(): void {
    const { fault, host, time, count, isSignedIn } = this.#begun;
    if (this.#isClosed) return;
    if (fault?.kind === "request-lost") return this.#fail(UNREACHABLE);
    if (fault?.kind === "bad-gateway") return this.#fail(failed("unavailable", 502));
    if (fault?.kind === "unavailable") return this.#fail({ ...failed("unavailable", 503), retryAfterMs: fault.ms });
    if (!host.isUp) {
      count("server-down");
      return this.#fail(UNREACHABLE);
    }
    if (!isSignedIn()) {
      count("signed-out");
      return this.#fail(SIGNED_OUT);
    }
    const letGo = host.connect(() => {
      count("server-died");
      this.cut(UNREACHABLE);
    });
    this.#endings.push(letGo);
    if (fault?.kind === "cut-after") this.#endings.push(time.after(fault.ms, () => this.cut(UNREACHABLE)));
    void this.#run();
  }

  #arriveAgain(): void {
    // A proxy that sends a request twice gives the device the first answer only.
    if (this.#begun.host.isUp && this.#begun.isSignedIn()) this.#begun.call.run(this.#server.signal).catch(() => {});
  }

  async #run(): Promise<void> {
    const { call, fault, time, backMs } = this.#begun;
    let result: Result<T>;
    try {
      result = await call.run(this.#server.signal);
    } catch {
      // Only a server that was killed under the call throws; the simulation's own faults are told by its checks.
      result = UNREACHABLE;
    }
    if (this.#isClosed || fault?.kind === "answer-hangs") return;
    const answer = fault?.kind === "answer-lost" ? UNREACHABLE : result;
    time.after(backMs, () => this.#fail(answer));
  }

  #fail(result: Result<T>): void {
    this.#begun.call.caller.deliver(() => this.#answer(result));
  }

  #answer(result: Result<T>): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#settle(result);
    if (!this.keepsOpen || isFailure(result)) this.close();
    // A frozen page may hear of the answer after the connection has broken.
    else if (!this.#isClosed) this.#endings.push(this.#begun.keep());
  }
}

/** A stream of events on its way to the device. */
export class Flow implements EventStream {
  readonly #begun: Begun<AsyncIterable<TurnEvent>>;
  readonly #exchange: Exchange<AsyncIterable<TurnEvent>>;
  readonly #arrived: Sent[] = [];
  #waiting: ((sent: Sent) => void) | null = null;
  #isOver = false;
  #heartbeat: CancelTimer = () => {};

  constructor(
    begun: Begun<AsyncIterable<TurnEvent>>,
    exchange: Exchange<AsyncIterable<TurnEvent>>,
    events: AsyncIterable<TurnEvent>,
  ) {
    this.#begun = begun;
    this.#exchange = exchange;
    exchange.onCut = () => this.#arrive(null);
    this.#beat();
    void this.#pump(events);
  }

  next(): Promise<Sent> {
    const sent = this.#arrived.shift();
    if (sent !== undefined) return Promise.resolve(sent);
    if (this.#isOver) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#heartbeat();
    this.#give(null);
    this.#exchange.close();
  }

  async #pump(events: AsyncIterable<TurnEvent>): Promise<void> {
    const { time, backMs } = this.#begun;
    try {
      for await (const event of events) time.after(backMs, () => this.#arrive(event));
    } catch {
      // The server was killed under the stream.
    }
    time.after(backMs, () => this.#arrive(null));
  }

  #beat(): void {
    this.#heartbeat = this.#begun.time.after(STREAM_SIGN_MS, () => {
      this.#arrive("alive");
      this.#beat();
    });
  }

  #arrive(sent: Sent): void {
    this.#begun.call.caller.deliver(() => {
      if (this.#isOver) return;
      if (sent === null) return this.close();
      if (this.#waiting === null) this.#arrived.push(sent);
      else this.#give(sent);
    });
  }

  #give(sent: Sent): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.(sent);
  }
}

function failed(code: Failure["failed"], status: number): Failure {
  return { failed: code, status, detail: `Simulated: ${code}`, retryAfterMs: null, problem: {} };
}
