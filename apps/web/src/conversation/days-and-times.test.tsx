/** Days between messages, times in them, and the way to the end with its count. */
import { act, render, screen } from "@testing-library/preact";
import { expect, test } from "vitest";
import { message, view } from "../../test/messages.ts";
import { showMessages } from "../../test/shown-messages.tsx";
import { testEnvironment } from "../../test/test-environment.ts";
import { createDrafts } from "../composer/drafts.ts";
import { DraftsProvider } from "../composer/use-draft.ts";
import { EnvironmentProvider } from "../environment.ts";
import { createSettingsStore, SettingsProvider } from "../settings/settings-store.ts";
import { JumpToLatest } from "./jump-to-latest.tsx";
import { ModelsContext } from "./models-context.ts";
import { Messages } from "./messages.tsx";

const nothing = () => undefined;
const ACTIONS = {
  edit: nothing,
  askAgain: nothing,
  continueReply: nothing,
  retry: nothing,
  discard: nothing,
  takeBack: nothing,
};
const environment = testEnvironment();
const DAY_MS = 86_400_000;
const ago = (days: number) => new Date(environment.now() - days * DAY_MS).toISOString();

test("a day is named where another one begins, and each message says when it was written, a reply by which model, as it is offered", () => {
  const messages = [
    message(1, { created_at: ago(400) }),
    message(2, { created_at: ago(400), model: "gpt-x" }),
    message(3, { created_at: ago(1) }),
    message(4, { created_at: ago(0), model: "gone", usage: { prompt_tokens: 31, completion_tokens: 18 } }),
  ];
  const { container } = render(
    <EnvironmentProvider value={environment}>
      <SettingsProvider value={createSettingsStore(environment.keyValue)}>
        <DraftsProvider value={createDrafts(environment.keyValue)}>
          <ModelsContext.Provider value={[{ id: "gpt-x", name: "The X" }]}>
            <Messages
              view={view({ messages })}
              isGenerating={false}
              actions={ACTIONS}
              onLoadOlder={nothing}
              onLoadNewer={nothing}
              onLoadLater={nothing}
              onShowUnread={() => undefined}
              onShowLatest={nothing}
              emptyState={null}
              jumpCount={0}
            />
          </ModelsContext.Provider>
        </DraftsProvider>
      </SettingsProvider>
    </EnvironmentProvider>,
  );
  const dividers = [...container.querySelectorAll(".day-divider")];
  expect(dividers.map((divider) => divider.getAttribute("aria-label")).slice(1)).toEqual(["Yesterday", "Today"]);
  expect(dividers[0]?.textContent).toMatch(/^\w+day, \w+ \d+, \d{4}$/);
  expect(dividers.every((divider) => divider.getAttribute("role") === "separator")).toBe(true);
  expect(dividers[1]?.nextElementSibling?.querySelector("[data-seq]")?.getAttribute("data-seq")).toBe("3");
  const times = [...container.querySelectorAll(".message time")];
  expect(times.map((time) => time.getAttribute("datetime"))).toEqual(messages.map((each) => each.created_at));
  expect(times.every((time) => /\d/.test(time.textContent ?? ""))).toBe(true);
  expect([...container.querySelectorAll(".message-model")].map((model) => model.textContent)).toEqual([
    "The X",
    "gone",
  ]);
  expect([...container.querySelectorAll(".message-usage")].map((usage) => usage.textContent)).toEqual([
    "31 tokens in, 18 out",
  ]);
});

const daysOf = (container: Element) =>
  [...container.querySelectorAll(".day-divider")].map((divider) => divider.getAttribute("aria-label"));

test("after midnight what was today is yesterday", async () => {
  const { container, environment: clock } = showMessages(
    view({ messages: [message(1, { created_at: ago(2) }), message(2, { created_at: ago(0) })] }),
  );
  expect(daysOf(container)[1]).toBe("Today");
  await act(() => clock.advance(DAY_MS));
  expect(daysOf(container)[1]).toBe("Yesterday");
});

test("a day of many messages is named once", () => {
  const { container } = showMessages(
    view({ messages: Array.from({ length: 40 }, (_, index) => message(index + 1, { created_at: ago(2) })) }),
  );
  expect(container.querySelectorAll(".message-group").length).toBeGreaterThan(2);
  expect(daysOf(container)).toHaveLength(1);
});

test("the way to the end says how much is new there", () => {
  const { rerender, container } = render(<JumpToLatest newCount={0} onJump={nothing} />);
  expect(screen.getByRole("button", { name: "Jump to latest" }).textContent).toBe("");
  rerender(<JumpToLatest newCount={3} onJump={nothing} />);
  expect(screen.getByRole("button", { name: "Jump to latest, 3 new" })).toBeTruthy();
  rerender(<JumpToLatest newCount={120} onJump={nothing} />);
  expect(container.querySelector(".jump-to-latest")?.textContent).toBe("99+");
});
