/** The way between a device and the server: latency, and the faults that the schedule arms. */
import type { TurnEvent } from "@instep/protocol";
import { type EventStream, isFailure, type Result } from "@instep/sync-client";
import {
  type ArmedFault,
  type Begun,
  type Caller,
  type Cut,
  Exchange,
  Flow,
  type Host,
  type RemoteCall,
  SIGNED_OUT,
  UNREACHABLE,
} from "./exchange.ts";
import { chanceOf } from "./random.ts";
import type { CallKind, FaultKind } from "./step.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** How often each fault was really injected. */
export type FaultCounts = Map<FaultKind | "offline" | "signed-out" | "server-down" | "server-died", number>;

export interface LinkOptions {
  readonly time: VirtualTime;
  readonly host: Host;
  /** Tells this link's chance from every other's. */
  readonly name: string;
  readonly latencyMs: number;
  readonly counts: FaultCounts;
}

/** One device's way to the server. */
export class Link {
  isOnline = true;
  /** Whether the browser has a session; without, everything is refused. */
  isSignedIn = true;
  readonly #options: LinkOptions;
  readonly #open = new Map<Caller, Set<Cut>>();
  /** Connections that stay open: held questions and streams. */
  readonly #lasting = new Set<Cut>();
  readonly #kept = new Map<string, number>();
  #faults: ArmedFault[] = [];
  #calls = 0;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** The next calls of that kind meet the fault. */
  arm(fault: ArmedFault): void {
    this.#faults.push({ ...fault });
  }

  /** From here on the network is well. */
  heal(): void {
    this.#faults = [];
    this.isOnline = true;
  }

  /** Cuts whatever is under way, as when the network goes, or the page. */
  cut(caller?: Caller): void {
    for (const [owner, cuts] of this.#open) {
      if (caller !== undefined && owner !== caller) continue;
      for (const cut of cuts) cut(UNREACHABLE);
    }
  }

  /** The server refuses what comes from here on, and ends what it holds. */
  endSession(): void {
    this.isSignedIn = false;
    for (const cut of this.#lasting) cut(SIGNED_OUT);
  }

  /** How many connections are kept open for each topic. */
  get kept(): ReadonlyMap<string, number> {
    return this.#kept;
  }

  /** One request and its answer. */
  call<T>(call: RemoteCall<T>): Promise<Result<T>> {
    return new Promise((resolve) => {
      new Exchange<T>(this.#begin(call), resolve).start();
    });
  }

  /** A request that is answered by a stream of events. */
  stream(call: RemoteCall<AsyncIterable<TurnEvent>>): Promise<Result<EventStream>> {
    return new Promise((resolve) => {
      const begun = this.#begin(call);
      const exchange = new Exchange<AsyncIterable<TurnEvent>>(begun, (result) => {
        resolve(isFailure(result) ? result : new Flow(begun, exchange, result));
      });
      exchange.keepsOpen = true;
      exchange.start();
    });
  }

  #begin<T>(call: RemoteCall<T>): Begun<T> {
    this.#calls += 1;
    const fault = this.#takeFault(call.kind);
    const { name, latencyMs, time, host, counts } = this.#options;
    const way = (direction: string): number => 1 + Math.floor(chanceOf(name, direction, this.#calls) * latencyMs);
    const count = (kind: Parameters<FaultCounts["set"]>[0]): void => void counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (fault) count(fault.kind);
    return {
      call,
      fault,
      thereMs: way("there") + (fault?.kind === "request-late" ? fault.ms : 0),
      backMs: way("back") + (fault?.kind === "answer-late" ? fault.ms : 0),
      time,
      host,
      count,
      isOnline: () => this.isOnline,
      isSignedIn: () => this.isSignedIn,
      opened: (cut) => this.#track(call, cut),
      keep: () => this.#keep(call.topic),
    };
  }

  #takeFault(kind: CallKind): ArmedFault | null {
    const fault = this.#faults.find(({ call }) => call === kind || call === "any");
    if (!fault) return null;
    fault.times -= 1;
    if (fault.times <= 0) this.#faults = this.#faults.filter((other) => other !== fault);
    return fault;
  }

  #keep(topic: string | undefined): () => void {
    if (topic === undefined) return () => {};
    const add = (more: number): void => void this.#kept.set(topic, (this.#kept.get(topic) ?? 0) + more);
    add(1);
    return () => add(-1);
  }

  #track({ caller, topic }: Pick<RemoteCall<unknown>, "caller" | "topic">, cut: Cut): () => void {
    const cuts = this.#open.get(caller) ?? new Set();
    this.#open.set(caller, cuts.add(cut));
    if (topic !== undefined) this.#lasting.add(cut);
    return () => {
      cuts.delete(cut);
      this.#lasting.delete(cut);
    };
  }
}
