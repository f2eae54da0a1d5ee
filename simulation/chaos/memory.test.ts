import { describe, expect, it } from "vitest";
import { flatnessOf, readSample, type Sample } from "./memory.ts";

function samplesOf(...residentBytes: readonly number[]): Sample[] {
  return residentBytes.map((bytes, index) => ({ atMs: index, residentBytes: bytes, heapBytes: 0, cpuSeconds: 0 }));
}

describe("the soak's judgement of memory", () => {
  it("reads a sample from the metrics' text", () => {
    const text = [
      "# HELP process_cpu_seconds_total Time",
      "process_cpu_seconds_total 1.5",
      "process_resident_memory_bytes 1000",
      "nodejs_heap_size_used_bytes 700",
    ].join("\n");
    expect(readSample(text, 5)).toEqual({ atMs: 5, residentBytes: 1000, heapBytes: 700, cpuSeconds: 1.5 });
    expect(() => readSample("", 5)).toThrow("process_resident_memory_bytes");
  });

  it("calls flat what warms up and then stays", () => {
    expect(flatnessOf(samplesOf(10, 50, 100, 100, 104, 108)).isFlat).toBe(true);
  });

  it("calls growing what goes on growing", () => {
    expect(flatnessOf(samplesOf(100, 110, 120, 130, 140, 150))).toEqual({
      middleBytes: 125,
      lastBytes: 145,
      isFlat: false,
    });
  });
});
