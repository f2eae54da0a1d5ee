/** Lets what a test began come to its end. */
import { act } from "@testing-library/preact";

/** Lets everything happen that needs no time. */
export function settle(): Promise<void> {
  return act(async () => void (await new Promise((resolve) => setTimeout(resolve, 0))));
}
