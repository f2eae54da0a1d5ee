/** The messages of a conversation as a test gives them, with what was asked of them written down. */
import { render } from "@testing-library/preact";
import { createDrafts } from "../src/composer/drafts.ts";
import { DraftsProvider } from "../src/composer/use-draft.ts";
import { Messages } from "../src/conversation/messages.tsx";
import { EnvironmentProvider } from "../src/environment.ts";
import { createSettingsStore, SettingsProvider } from "../src/settings/settings-store.ts";
import type { ConversationView, PendingSend, ReplyView } from "../src/sync/device.ts";
import { view } from "./messages.ts";
import { testEnvironment, type TestEnvironment } from "./test-environment.ts";

export type Versions = Parameters<typeof Messages>[0]["versions"];

interface Shown {
  readonly isTouch?: boolean;
  /** A reply is being written somewhere. */
  readonly isGenerating?: boolean;
  readonly environment?: TestEnvironment;
}

/** Shows them; each call is a name with its values, in order. */
export function showMessages(shown: ConversationView, options: Shown = {}) {
  const calls: unknown[][] = [];
  const log =
    (name: string) =>
    (...values: unknown[]) =>
      void calls.push([name, ...values]);
  const actions = {
    edit: log("edit"),
    askAgain: log("askAgain"),
    continueReply: () => log("continueReply")(),
    retry: log("retry"),
    discard: log("discard"),
    takeBack: log("takeBack"),
  };
  const environment = options.environment ?? testEnvironment(options);
  const settings = createSettingsStore(environment.keyValue);
  const drafts = createDrafts(environment.keyValue);
  const element = (current: ConversationView, versions?: Versions) => (
    <EnvironmentProvider value={environment}>
      <SettingsProvider value={settings}>
        <DraftsProvider value={drafts}>
          <Messages
            view={current}
            isGenerating={options.isGenerating === true}
            actions={actions}
            onLoadOlder={log("loadOlder")}
            onLoadNewer={() => log("loadNewer")()}
            onLoadLater={log("loadLater")}
            onShowUnread={log("showUnread")}
            onShowLatest={log("showLatest")}
            emptyState={<p>Nothing yet</p>}
            jumpCount={0}
            {...(versions && { versions })}
          />
        </DraftsProvider>
      </SettingsProvider>
    </EnvironmentProvider>
  );
  const { container, rerender, unmount } = render(element(shown));
  const update = (next: ConversationView, versions?: Versions) => rerender(element(next, versions));
  return { calls, container, environment, unmount, update };
}

/** A reply that grows. */
export const REPLY: ReplyView = {
  replyId: "00000000-0000-4000-9000-00000000000a" as ReplyView["replyId"],
  text: "Growing",
  phase: "streaming",
  isOwn: true,
};

/** A message that the server does not have yet. */
export function pending(change: Partial<PendingSend>): PendingSend {
  return {
    clientMessageId: "00000000-0000-4000-9000-0000000000ff",
    conversationId: view().id,
    text: "On its way",
    state: "waiting",
    problem: null,
    isReplacing: false,
    ...change,
  };
}
