/** What was shared waits for whoever signs in, and leaves the address once it is in the message box. */
import { render } from "@testing-library/preact";
import { beforeEach, expect, test, vi } from "vitest";
import { testEnvironment } from "../../test/test-environment.ts";
import { createDrafts, type Drafts, NEW_CHAT } from "../composer/drafts.ts";
import { EnvironmentProvider } from "../environment.ts";
import { SHARED_KEY } from "./shared-key.ts";
import { useShared } from "./use-shared.ts";

const SHARED = "/?shared_text=Marmalade";

beforeEach(() => history.replaceState(null, "", "/"));

function Taker({ drafts }: { readonly drafts: Drafts | null }) {
  useShared(drafts);
  return null;
}

/** A page at an address, as often as it is opened on one device. */
function device() {
  const environment = testEnvironment();
  const drafts = createDrafts(environment.keyValue);
  const open = async (isSignedIn: boolean) => {
    const { unmount } = render(
      <EnvironmentProvider value={environment}>
        <Taker drafts={isSignedIn ? drafts : null} />
      </EnvironmentProvider>,
    );
    await vi.dynamicImportSettled();
    await Promise.resolve();
    unmount();
  };
  return { environment, drafts, open };
}

test("who is signed in has it in a new chat's message box, and a reload brings it no second time", async () => {
  const { drafts, open } = device();
  history.replaceState({ foundSeq: 3 }, "", SHARED);
  await open(true);
  await expect.poll(() => drafts.get(NEW_CHAT)).toBe("Marmalade");
  expect([location.pathname, location.search, history.state]).toEqual(["/", "", { foundSeq: 3 }]);
  await open(true);
  expect(drafts.get(NEW_CHAT)).toBe("Marmalade");
});

test.each([
  ["by a password, on the page", SHARED],
  ["by a provider, from whose page one comes back without it", "/"],
])("who signs in first %s has it then", async (_way, after) => {
  const { environment, drafts, open } = device();
  history.replaceState(null, "", SHARED);
  await open(false);
  await expect.poll(() => environment.keyValue.get(SHARED_KEY)).toContain("Marmalade");
  expect([location.search, drafts.get(NEW_CHAT)]).toEqual(["?shared_text=Marmalade", ""]);
  history.replaceState(null, "", after);
  await open(true);
  await expect.poll(() => drafts.get(NEW_CHAT)).toBe("Marmalade");
  expect([location.search, environment.keyValue.get(SHARED_KEY)]).toEqual(["", null]);
});

test("where nothing was shared, the address stays as it is", async () => {
  const { drafts, open } = device();
  history.replaceState(null, "", "/?other=1");
  await open(true);
  expect([location.search, drafts.get(NEW_CHAT)]).toEqual(["?other=1", ""]);
});
