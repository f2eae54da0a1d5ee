/** What goes while it has the focus leaves it to somebody; what goes without it takes it from nobody. */
import { cleanup, render } from "@testing-library/preact";
import type { ComponentChildren } from "preact";
import { expect, test } from "vitest";
import { message } from "../../test/messages.ts";
import { testEnvironment } from "../../test/test-environment.ts";
import { createDrafts } from "../composer/drafts.ts";
import { DraftsProvider } from "../composer/use-draft.ts";
import { EditMessage } from "../conversation/edit-message.tsx";
import { JumpToLatest } from "../conversation/jump-to-latest.tsx";
import { JumpToUnread } from "../conversation/jump-to-unread.tsx";
import { NewMessagesBanner } from "../conversation/new-messages-banner.tsx";
import { EnvironmentProvider } from "../environment.ts";
import { createSettingsStore, SettingsProvider } from "../settings/settings-store.ts";
import { RenameField } from "../sidebar/rename-field.tsx";

const nothing = () => undefined;

/** What goes, and what the focus goes to. */
const GOING: readonly (readonly [string, ComponentChildren, string])[] = [
  ["the way to the end", <JumpToLatest newCount={2} onJump={nothing} />, "messages"],
  ["the way to what is unread", <JumpToUnread onJump={nothing} />, "messages"],
  ["the banner", <NewMessagesBanner count={2} problem={null} onShow={nothing} />, "messages"],
  [
    "a message that is edited",
    <EditMessage message={message(1)} since="kept" isLocked={false} onSave={nothing} onClose={nothing} />,
    "messages",
  ],
  ["a name that is changed, with its row", <RenameField title="Trip" onDone={nothing} />, ""],
];

test.each(GOING)("%s", (_, going, heir) => {
  const environment = testEnvironment();
  const element = (isThere: boolean) => (
    <EnvironmentProvider value={environment}>
      <SettingsProvider value={createSettingsStore(environment.keyValue)}>
        <DraftsProvider value={createDrafts(environment.keyValue)}>
          <div id="messages" tabIndex={0} />
          <button type="button" id="elsewhere" />
          <div>
            {isThere && going}
            <button type="button" id="menu" class="menu-button" />
          </div>
        </DraftsProvider>
      </SettingsProvider>
    </EnvironmentProvider>
  );
  for (const isLeft of [false, true]) {
    const { container, rerender } = render(element(true));
    const inside = container.querySelector<HTMLElement>("#elsewhere ~ div :is(button, input, textarea):not(#menu)");
    (isLeft ? container.querySelector<HTMLElement>("#elsewhere") : inside)?.focus();
    rerender(element(false));
    expect(document.activeElement?.id).toBe(isLeft ? "elsewhere" : heir);
    cleanup();
  }
});
