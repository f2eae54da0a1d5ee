/** Time, chance and timers as a port, so that tests and simulations own them. */
import { microsFromMilliseconds, type Micros } from "@instep/protocol";

/** Ends a timer before it fires; does nothing afterwards. */
export type Cancel = () => void;

export interface EngineEnvironment {
  /** The wall clock; it may step back [CLOCK-3]. */
  now(): Micros;
  uuid(): string;
  /** A number in [0, 1). */
  random(): number;
  /** Runs something once after `delayMs`; such a timer keeps no process alive. */
  after(delayMs: number, run: () => void): Cancel;
}

/** The real clock, chance and timers. */
export const systemEnvironment: EngineEnvironment = {
  now: () => microsFromMilliseconds(Date.now()),
  uuid: () => crypto.randomUUID(),
  random: () => Math.random(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
