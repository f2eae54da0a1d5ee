/** Messages far from view are left as they are by what a turn changes, however soon after their showing that is. */
import { render } from "preact";
import { afterEach, expect, test } from "vitest";
import { message, view } from "../../test/messages.ts";
import { testEnvironment } from "../../test/test-environment.ts";
import { createDrafts } from "../composer/drafts.ts";
import { DraftsProvider } from "../composer/use-draft.ts";
import { EnvironmentProvider } from "../environment.ts";
import { createSettingsStore, SettingsProvider } from "../settings/settings-store.ts";
import type { ConversationView, ReplyView } from "../sync/device.ts";
import { Messages } from "./messages.tsx";

const nothing = () => undefined;
const actions = {
  edit: nothing,
  askAgain: nothing,
  continueReply: nothing,
  retry: nothing,
  discard: nothing,
  takeBack: nothing,
};
const reply = {
  replyId: "00000000-0000-4000-9000-00000000000a" as ReplyView["replyId"],
  text: "Growing",
  phase: "streaming",
  isOwn: true,
} as const;
const messages = Array.from({ length: 40 }, (_, index) => message(index + 1));

const place = document.createElement("div");
document.body.append(place);
afterEach(() => render(null, place));

/** As a browser's first frame after it comes: what waits until it is painted has not run. */
function opened() {
  const environment = testEnvironment();
  const settings = createSettingsStore(environment.keyValue);
  const drafts = createDrafts(environment.keyValue);
  const show = (shown: ConversationView) =>
    render(
      <EnvironmentProvider value={environment}>
        <SettingsProvider value={settings}>
          <DraftsProvider value={drafts}>
            <Messages
              view={shown}
              isGenerating={false}
              actions={actions}
              onLoadOlder={nothing}
              onLoadNewer={nothing}
              onLoadLater={nothing}
              onShowUnread={nothing}
              onShowLatest={nothing}
              emptyState={null}
              jumpCount={0}
            />
          </DraftsProvider>
        </SettingsProvider>
      </EnvironmentProvider>,
      place,
    );
  show(view({ messages }));
  const groups = [...place.querySelectorAll(".message-group")];
  const leaveOut = (group: Element | undefined, skipped: boolean) =>
    group?.dispatchEvent(Object.assign(new Event("contentvisibilityautostatechange", { bubbles: true }), { skipped }));
  const lockedIn = (group: Element | undefined) => group?.querySelectorAll("button:disabled").length;
  return { show, groups, leaveOut, lockedIn };
}

test("a group that is left out from its first frame on is not made anew by a turn that begins and ends", () => {
  const { show, groups, leaveOut, lockedIn } = opened();
  const [far, near] = groups;
  expect(groups.length).toBeGreaterThan(2);
  leaveOut(far, true);
  show(view({ messages, reply }));
  expect(lockedIn(far)).toBe(0);
  expect(lockedIn(near)).toBeGreaterThan(0);
  show(view({ messages }));
  expect([lockedIn(far), lockedIn(near)]).toEqual([0, 0]);
});

test("what of a turn a group has missed is there when it comes near", async () => {
  const { show, groups, leaveOut, lockedIn } = opened();
  const [far] = groups;
  leaveOut(far, true);
  show(view({ messages, reply }));
  expect(lockedIn(far)).toBe(0);
  leaveOut(far, false);
  await expect.poll(() => lockedIn(far)).toBeGreaterThan(0);
});
