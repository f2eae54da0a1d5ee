/** What the fuzz holds of the program: some requests at once, and no answer that is wrong. */
import fc from "fast-check";
import type { FuzzedProgram } from "./fuzzed-program.ts";
import { requestsOf } from "./requests.ts";

const AT_ONCE = 4;

export function fuzzed(program: FuzzedProgram) {
  const together = fc.array(requestsOf(program.operations), { minLength: 1, maxLength: AT_ONCE });
  return fc.asyncProperty(together, async (requests) => {
    const faults = await Promise.all(requests.map((request) => program.send(request)));
    const found = faults.filter((fault) => fault !== null);
    if (found.length > 0) throw new Error(found.join("\n\n"));
  });
}
