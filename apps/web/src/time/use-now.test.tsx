/** A clock that somebody looks at again after a while. */
import { render } from "@testing-library/preact";
import { expect, test } from "vitest";
import { testEnvironment } from "../../test/test-environment.ts";
import { EnvironmentProvider } from "../environment.ts";
import { useNow } from "./use-now.ts";

test("whoever looks again after an hour is told the time at once, and not that of an hour ago", () => {
  const environment = testEnvironment();
  const told: number[] = [];
  function Clock({ isTicking }: { readonly isTicking: boolean }) {
    const now = useNow(isTicking);
    if (isTicking) told.push(environment.now() - now);
    return null;
  }
  const clock = (isTicking: boolean) => (
    <EnvironmentProvider value={environment}>
      <Clock isTicking={isTicking} />
    </EnvironmentProvider>
  );
  const { rerender } = render(clock(false));
  environment.advance(3_600_000);
  rerender(clock(true));
  environment.advance(1000);
  expect(new Set(told)).toEqual(new Set([0]));
});
