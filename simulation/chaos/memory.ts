/** The program's memory over time: samples of its own metrics, and whether they are flat. */

export interface Sample {
  /** Since the start of the soak. */
  readonly atMs: number;
  readonly residentBytes: number;
  readonly heapBytes: number;
  /** Processor time since the process began. */
  readonly cpuSeconds: number;
}

export interface Flatness {
  /** Means of the second and of the last third: the first is for warming up. */
  readonly middleBytes: number;
  readonly lastBytes: number;
  readonly isFlat: boolean;
}

const MAX_GROWTH = 0.1;

/** Reads one sample from the text of `GET /metrics`. */
export function readSample(metrics: string, atMs: number): Sample {
  return {
    atMs,
    residentBytes: metric(metrics, "process_resident_memory_bytes"),
    heapBytes: metric(metrics, "nodejs_heap_size_used_bytes"),
    cpuSeconds: metric(metrics, "process_cpu_seconds_total"),
  };
}

/** Flat is what grows by less than a tenth from the middle to the last third of the time. */
export function flatnessOf(samples: readonly Sample[]): Flatness {
  const third = Math.floor(samples.length / 3);
  const middleBytes = meanOf(samples.slice(third, 2 * third));
  const lastBytes = meanOf(samples.slice(2 * third));
  return { middleBytes, lastBytes, isFlat: lastBytes <= middleBytes * (1 + MAX_GROWTH) };
}

function meanOf(samples: readonly Sample[]): number {
  return samples.reduce((sum, { residentBytes }) => sum + residentBytes, 0) / Math.max(1, samples.length);
}

function metric(metrics: string, name: string): number {
  const line = metrics.split("\n").find((text) => text.startsWith(`${name} `));
  if (line === undefined) throw new Error(`The metrics have no ${name}`);
  return Number(line.slice(name.length + 1));
}
