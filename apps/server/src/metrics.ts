/** What `/metrics` tells: requests, held requests, running replies, writes and the event loop. */
import type { Engine } from "@instep/sync-server";
import type { GenerationStatistics } from "./generation/generation.ts";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

export interface CountedRequest {
  readonly method: string;
  /** The route's pattern, never the address itself: ids would make a series each. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** What engine and generation know about themselves. */
export type ProgramStatistics = ReturnType<Engine["statistics"]> & GenerationStatistics;

export interface Metrics {
  count(request: CountedRequest): void;
  /** Counts a sync answer; a plain addition, for the hot path. */
  countSync(status: number): void;
  /** Everything in Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

const BUCKETS_S = [0.001, 0.005, 0.02, 0.05, 0.1, 0.5, 1, 5, 30];
const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Makes the metrics of one program; nothing is shared between two in one process. */
export function createMetrics(statistics: () => ProgramStatistics): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "instep_http_request_duration_seconds",
    help: "Requests by method, route and status",
    labelNames: ["method", "route", "status"],
    buckets: BUCKETS_S,
    registers: [registry],
  });
  const writes = new Counter({
    name: "instep_writes_total",
    help: "State-changing calls that succeeded",
    registers: [registry],
  });
  const countSync = registerSyncCounter(registry);
  registerEngineGauges(registry, statistics);
  registerModelMetrics(registry, statistics);

  return {
    count({ method, route, status, seconds }) {
      requests.observe({ method, route, status }, seconds);
      if (!SAFE_METHODS.has(method) && status < 300) writes.inc();
    },
    countSync,
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function registerSyncCounter(registry: Registry): (status: number) => void {
  const countByStatus = new Map<number, number>();
  const counter = new Counter({
    name: "instep_sync_requests_total",
    help: "Answers to GET /api/conversations/sync",
    labelNames: ["status"],
    registers: [registry],
    collect() {
      counter.reset();
      for (const [status, count] of countByStatus) counter.inc({ status }, count);
    },
  });
  return (status) => countByStatus.set(status, (countByStatus.get(status) ?? 0) + 1);
}

function registerEngineGauges(registry: Registry, statistics: () => ProgramStatistics): void {
  const registers = [registry];
  const held: Gauge = new Gauge({
    name: "instep_held_requests",
    help: "Sync requests waiting for a change",
    registers,
    collect: () => held.set(statistics().heldRequests),
  });
  const running: Gauge = new Gauge({
    name: "instep_running_replies",
    help: "Replies being written",
    registers,
    collect: () => running.set(statistics().runningReplies),
  });
}

function registerModelMetrics(registry: Registry, statistics: () => ProgramStatistics): void {
  const registers = [registry];
  const waiting: Gauge = new Gauge({
    name: "instep_waiting_replies",
    help: "Replies waiting until fewer others ask a model",
    registers,
    collect: () => waiting.set(statistics().waiting),
  });
  const tokens: Counter = new Counter({
    name: "instep_model_tokens_total",
    help: "Tokens as the models counted them",
    labelNames: ["kind"],
    registers,
    collect() {
      const { promptTokens, completionTokens } = statistics();
      tokens.reset();
      tokens.inc({ kind: "prompt" }, promptTokens);
      tokens.inc({ kind: "completion" }, completionTokens);
    },
  });
}
