/** When to ask next: a machine over what happens, with `now` as input [DEV-1, DEV-2, WAIT-2]. Pure. */
import { backoffDelayMs } from "./backoff-delay.ts";
import { unreachable } from "@instep/protocol";

export type Phase = "stopped" | "refused" | "offline" | "hidden" | "failing" | "live" | "visible";

/** The server's settings, and what this program allows. */
export interface ScheduleSettings {
  readonly pollIntervalMs: number;
  readonly fullSyncThresholdMs: number;
  /** Whether the server holds a request until there is something to say [WAIT-1]. */
  readonly live: boolean;
}

export interface PollSchedule {
  readonly isRunning: boolean;
  readonly isVisible: boolean;
  readonly isOnline: boolean;
  /** What the browser says of the network: an answer knows better, until the next failure. */
  readonly isSaidOnline: boolean;
  /** The server wants somebody to sign in: nothing is asked until told, or until somebody comes back to the page. */
  readonly isRefused: boolean;
  /** Another tab of this browser holds the request, and tells what it learns [DEV-11]. */
  readonly isServedByOther: boolean;
  readonly isAsking: boolean;
  /** The request in flight is one that the server may hold. */
  readonly isHolding: boolean;
  /** The request in flight asks for everything; where it fails, everything is still wanted. */
  readonly isAskingFull: boolean;
  readonly wantsFull: boolean;
  /** Somebody asked for an increment that begins from now on. */
  readonly wantsMore: boolean;
  readonly failures: number;
  /** Held requests that were cut, since one was answered. */
  readonly cuts: number;
  readonly hiddenAt: number | null;
  /** When to ask, in Unix milliseconds; null: not before something happens. */
  readonly dueAt: number | null;
}

export type ScheduleEvent =
  | { readonly kind: "start"; readonly isVisible: boolean; readonly isOnline: boolean; readonly isWarm: boolean }
  | {
      readonly kind: "stop" | "show" | "hide" | "online" | "offline" | "signed-in" | "want-full" | "want-more";
    }
  | { readonly kind: "asked"; readonly question: NextQuestion }
  | {
      readonly kind: "answered";
      readonly hasMore: boolean;
      readonly isEarlyAndEmpty: boolean;
      readonly retryAfterMs: number | null;
    }
  | { readonly kind: "failed"; readonly isRefused: boolean; readonly retryAfterMs: number | null }
  /** The device abandoned the request itself. */
  | { readonly kind: "abandoned" }
  /** Another tab told what the server said. */
  | { readonly kind: "answered-elsewhere" }
  | { readonly kind: "served-by-other"; readonly isServed: boolean };

export interface Instant {
  readonly now: number;
  /** From 0 up to, but not, 1: for jitter. */
  readonly random: number;
}

/** After so many held requests cut in a row, live rests until the page is shown or the network changes: something on the way cuts them. */
const MAX_CUTS = 3;

export const STOPPED: PollSchedule = {
  isRunning: false,
  isVisible: true,
  isOnline: true,
  isSaidOnline: true,
  isRefused: false,
  isServedByOther: false,
  isAsking: false,
  isHolding: false,
  isAskingFull: false,
  wantsFull: false,
  wantsMore: false,
  failures: 0,
  cuts: 0,
  hiddenAt: null,
  dueAt: null,
};

/** Which of the seven states the schedule is in. */
export function phaseOf(schedule: PollSchedule, settings: ScheduleSettings): Phase {
  if (!schedule.isRunning) return "stopped";
  if (schedule.isRefused) return "refused";
  if (!schedule.isVisible) return "hidden";
  if (!schedule.isOnline) return "offline";
  if (schedule.failures > 0) return "failing";
  return settings.live && !schedule.isServedByOther && schedule.cuts < MAX_CUTS ? "live" : "visible";
}

export interface NextQuestion {
  readonly isFull: boolean;
  /** The server may hold it. After trouble, and where somebody waits for the answer, it is asked to answer at once. */
  readonly isHeld: boolean;
}

/** What to ask when it is due. */
export function nextQuestion(schedule: PollSchedule, settings: ScheduleSettings): NextQuestion {
  const isHeld = phaseOf(schedule, settings) === "live" && !schedule.wantsFull && !schedule.wantsMore;
  return { isFull: schedule.wantsFull, isHeld };
}

/** Whether the request in flight is held by the server for nothing: what is wanted now is something else. */
export function isHoldUnwanted(schedule: PollSchedule, settings: ScheduleSettings): boolean {
  return schedule.isHolding && (phaseOf(schedule, settings) !== "live" || schedule.wantsFull || schedule.wantsMore);
}

/** The schedule after an event. Total: every event has an answer in every phase. */
export function advance(
  schedule: PollSchedule,
  event: ScheduleEvent,
  at: Instant & { readonly settings: ScheduleSettings },
): PollSchedule {
  if (event.kind === "start") return started(schedule, event, at.now);
  if (!schedule.isRunning) return schedule;
  switch (event.kind) {
    case "stop":
      return STOPPED;
    case "show":
      return shown(schedule, at.now, at.settings);
    case "hide":
      return { ...schedule, isVisible: false, hiddenAt: schedule.hiddenAt ?? at.now, dueAt: null };
    case "online":
    case "offline":
      return networkChanged(schedule, event.kind === "online", at.now);
    case "signed-in":
      return dueNow({ ...schedule, isRefused: false, failures: 0 }, at.now);
    case "want-full":
    case "want-more":
      return wanted(schedule, event.kind === "want-full", at.now);
    case "asked":
      return asked(schedule, event.question);
    case "answered":
      return answered(schedule, event, at);
    case "failed":
      return failed(schedule, event, at);
    case "abandoned":
      return dueNow(silent(schedule), at.now);
    case "answered-elsewhere":
      return answeredElsewhere(schedule, at);
    case "served-by-other":
      return servedByOther(schedule, event.isServed, at);
    default:
      return unreachable(event);
  }
}

function started(schedule: PollSchedule, event: ScheduleEvent & { kind: "start" }, now: number): PollSchedule {
  if (schedule.isRunning) return schedule;
  const { isVisible, isOnline, isWarm } = event;
  const hiddenAt = isVisible ? null : now;
  return dueNow(
    {
      ...STOPPED,
      isRunning: true,
      isVisible,
      isOnline,
      isSaidOnline: isOnline,
      wantsFull: !isWarm,
      wantsMore: true,
      hiddenAt,
    },
    now,
  );
}

/** What is asked for by name is asked also where the page is hidden. */
function wanted(schedule: PollSchedule, isFull: boolean, now: number): PollSchedule {
  const wants = isFull ? { wantsFull: true } : { wantsMore: true };
  return { ...schedule, ...wants, dueAt: schedule.isAsking ? null : now };
}

function asked(schedule: PollSchedule, { isFull, isHeld }: NextQuestion): PollSchedule {
  const inFlight = { isAsking: true, isHolding: isHeld, isAskingFull: isFull };
  return { ...schedule, ...inFlight, wantsFull: false, wantsMore: false, dueAt: null };
}

/** No request is in flight any more, and the one that was has brought nothing. */
function silent(schedule: PollSchedule): PollSchedule {
  const wantsFull = schedule.wantsFull || schedule.isAskingFull;
  return { ...schedule, isAsking: false, isHolding: false, isAskingFull: false, wantsFull };
}

function shown(schedule: PollSchedule, now: number, settings: ScheduleSettings): PollSchedule {
  const hiddenMs = schedule.hiddenAt === null ? 0 : now - schedule.hiddenAt;
  // A clock that stepped back says nothing about how long it was; a full sync is never wrong.
  const wantsFull = schedule.wantsFull || hiddenMs > settings.fullSyncThresholdMs || hiddenMs < 0;
  const wantsMore = schedule.wantsMore || schedule.hiddenAt !== null;
  const next = { ...schedule, isVisible: true, hiddenAt: null, cuts: 0, wantsFull, wantsMore };
  // Somebody may have signed in where this tab could not hear of it.
  return schedule.isRefused ? { ...next, dueAt: next.isAsking ? null : now } : dueNow({ ...next, failures: 0 }, now);
}

function networkChanged(schedule: PollSchedule, isOnline: boolean, now: number): PollSchedule {
  // Where nobody looks, being shown asks.
  const wantsMore = schedule.wantsMore || schedule.isVisible;
  return dueNow({ ...schedule, isOnline, isSaidOnline: isOnline, failures: 0, cuts: 0, wantsMore }, now);
}

function answered(
  schedule: PollSchedule,
  event: ScheduleEvent & { kind: "answered" },
  at: Parameters<typeof advance>[2],
): PollSchedule {
  const cuts = schedule.isHolding ? 0 : schedule.cuts;
  const next = {
    ...schedule,
    // Whatever the browser says of the network: this machine's own server needs none.
    isOnline: true,
    isAsking: false,
    isHolding: false,
    isAskingFull: false,
    failures: 0,
    cuts,
    isRefused: false,
  };
  if (next.wantsFull || next.wantsMore) return { ...next, dueAt: at.now };
  if (event.hasMore) return dueNow(next, at.now);
  const isLive = phaseOf(next, at.settings) === "live";
  const pauseMs = isLive && !event.isEarlyAndEmpty ? 0 : (isLive && event.retryAfterMs) || at.settings.pollIntervalMs;
  return dueAfter(next, pauseMs, at.now);
}

function failed(schedule: PollSchedule, event: ScheduleEvent & { kind: "failed" }, at: Instant): PollSchedule {
  const cuts = schedule.cuts + (schedule.isHolding ? 1 : 0);
  const { failures: before } = schedule;
  const { isSaidOnline: isOnline } = schedule;
  const next = { ...silent(schedule), isOnline, cuts, failures: before + 1, isRefused: event.isRefused };
  const delayMs = backoffDelayMs({ before, random: at.random, retryAfterMs: event.retryAfterMs });
  return dueAfter(next, delayMs, at.now);
}

/** What another tab tells counts as an answer: this one asks by itself only when that falls silent [DEV-11]. */
function answeredElsewhere(schedule: PollSchedule, at: Parameters<typeof advance>[2]): PollSchedule {
  const isWaiting = phaseOf(schedule, at.settings) === "visible" && !schedule.isAsking && !schedule.wantsFull;
  return isWaiting ? { ...schedule, dueAt: at.now + at.settings.pollIntervalMs } : schedule;
}

function servedByOther(schedule: PollSchedule, isServed: boolean, at: Parameters<typeof advance>[2]): PollSchedule {
  if (isServed === schedule.isServedByOther) return schedule;
  const next = { ...schedule, isServedByOther: isServed };
  return isServed ? next : dueNow(next, at.now);
}

function dueNow(schedule: PollSchedule, now: number): PollSchedule {
  return dueAfter(schedule, 0, now);
}

function dueAfter(schedule: PollSchedule, delayMs: number, now: number): PollSchedule {
  const canAsk = schedule.isRunning && schedule.isVisible && !schedule.isRefused && !schedule.isAsking;
  return { ...schedule, dueAt: canAsk ? now + delayMs : null };
}
