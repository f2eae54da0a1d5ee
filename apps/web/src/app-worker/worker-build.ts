/** What a worker says of itself to the page. */

export interface WorkerBuild {
  readonly version: string;
  /** The script that the page of its build begins with. */
  readonly entry: string;
}

export function isWorkerBuild(data: unknown): data is WorkerBuild {
  if (typeof data !== "object" || data === null || !("version" in data) || !("entry" in data)) return false;
  return typeof data.version === "string" && typeof data.entry === "string";
}
