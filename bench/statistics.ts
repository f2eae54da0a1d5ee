/** What many measurements come down to, and how it is written. */

/** The value that a share of all values does not exceed: 0.5 is the median. */
export function percentile(values: Iterable<number>, share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: Iterable<number>): number {
  return percentile(values, 0.5);
}

/** The median, and the least: what others on the machine disturbed least. */
export function middleAndBest(values: readonly number[], format: (value: number) => string): string {
  return `${format(median(values))} (best ${format(Math.min(...values))})`;
}

/** p50, p99 and the worst of milliseconds, as a table shows them. */
export function spread(values: Iterable<number>): string {
  const all = [...values];
  return `p50 ${ms(percentile(all, 0.5))}, p99 ${ms(percentile(all, 0.99))}, max ${ms(percentile(all, 1))}`;
}

export function ms(milliseconds: number): string {
  return `${digits(milliseconds)} ms`;
}

export function micros(microseconds: number): string {
  return `${digits(microseconds)} µs`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

export function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

export function perSecond(count: number): string {
  return `${Math.round(count).toLocaleString("en")}/s`;
}

export function ratio(value: number): string {
  return value.toFixed(2);
}

function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  return size >= 10 ? value.toFixed(1) : value.toFixed(2);
}
