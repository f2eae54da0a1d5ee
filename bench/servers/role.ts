/** What a server process of a measurement can be, and what it says about itself. */
import type { OriginalOptions } from "../peers/original-design.ts";
import type { BareOptions } from "./bare.ts";
import type { Pace } from "./model-server.ts";
import type { BenchProgramOptions } from "./program.ts";

/** The program; bare `node:http` with one answer; the original design; the engine behind the least HTTP; a model whose tokens are stamped. */
export type Role =
  | ({ readonly kind: "program" } & BenchProgramOptions)
  | ({ readonly kind: "bare" } & BareOptions)
  | ({ readonly kind: "original" } & OriginalOptions)
  | { readonly kind: "engine"; readonly folder: string }
  | ({ readonly kind: "model" } & Pace);

/** What a process says about itself. */
export interface Usage {
  /** CPU of all its threads since it started. */
  readonly cpuMicros: number;
  readonly rssBytes: number;
  readonly peakRssBytes: number;
  /** The longest time its event loop was away since `watch`; 0 where it was never watched. */
  readonly longestBlockMs: number;
}

/** What the parent asks: how it is, and to watch the event loop from now on. It ends by a signal. */
export type Order = "usage" | "watch";
export type Report = { readonly url: string } | { readonly fault: string } | Usage;
