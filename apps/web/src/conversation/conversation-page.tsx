/** The open conversation, connected: messages, composer, and what is said when a reply ends. */
import type { Config } from "@instep/protocol";
import { type Dispatch, type StateUpdater, useState } from "preact/hooks";
import { Composer } from "../composer/composer.tsx";
import { answeringModel } from "../composer/answering-model.ts";
import { NEW_CHAT } from "../composer/drafts.ts";
import { useDraft, useDrafts } from "../composer/use-draft.ts";
import { useTakenFiles } from "../composer/use-taken-files.ts";
import { useSendKey } from "../composer/use-send-key.ts";
import { patientLazyPart, quietLazyPart } from "../design/lazy-part.tsx";
import { useEnvironment } from "../environment.ts";
import { tellRestoreFailure } from "../toasts/tell-failure.ts";
import { useToasts } from "../toasts/toast-store.ts";
import type { ModelsNoteProps } from "../status/models-note.tsx";
import { conversationPath } from "../routing/route.ts";
import { useNavigation } from "../routing/use-route.ts";
import type { ConversationView } from "../sync/device.ts";
import { useDevice } from "../sync/device-context.ts";
import { useConversation } from "../sync/use-conversations.ts";
import { useConversationActions } from "./use-conversation-actions.ts";
import { useEarlierVersion } from "./use-earlier-version.ts";
import type { RowActions } from "../sidebar/use-row-actions.ts";
import { useReplacedEdits } from "../notices/use-replaced-edits.ts";
import { useReplyEndings } from "../notices/use-reply-endings.ts";
import { useSyncStatus } from "../sync/use-sync-status.ts";
import { useNow } from "../time/use-now.ts";
import { useOpenConversation } from "../sync/use-view.ts";
import { ConnectedHeader } from "./connected-header.tsx";
import { Messages } from "./messages.tsx";
import { NewChatHelp } from "./new-chat-help.tsx";
import { t } from "../words/words.ts";

// Each is loaded as the page begins, and has nothing to show before some time has passed.
const ModelsNote = patientLazyPart(async () => (await import("../status/models-note.tsx")).ModelsNote);
const OfflineNote = patientLazyPart(async () => (await import("../status/offline-note.tsx")).OfflineNote);
const NotHere = quietLazyPart(async () => (await import("./not-here.tsx")).NotHere);
const VersionNote = patientLazyPart(async () => (await import("./version-switcher.tsx")).VersionNote);

/** Without it, nothing is said of new versions. */
const NewVersionNote = patientLazyPart(async () => {
  const loaded = await import("../status/new-version-note.tsx").catch(() => null);
  return loaded?.NewVersionNote ?? (() => null);
});

export interface ConversationPageProps {
  /** The conversation that is open; null for a new chat, and where the address leads nowhere. */
  readonly id: string | null;
  readonly config: Config;
  readonly accountId: string;
  /** What is chosen in a new chat, which is that chat's and not the next one's; null where nothing is. */
  readonly newModel: readonly [string | null, Dispatch<StateUpdater<string | null>>];
  readonly rowActions: RowActions;
  readonly onOpenSidebar: () => void;
  readonly onNewChat: () => void;
  /** Asks the server again which models there are. */
  readonly onModelsWanted: () => Promise<void>;
  /** Called when the first message of a new chat is sent, which gives it a row. */
  readonly onChatBegun: () => void;
  /** Opens the import, with these files or to choose some. */
  readonly onImport: (files: readonly File[]) => void;
}

/** Everything right of the sidebar. */
export function ConversationPage(props: ConversationPageProps) {
  const { id, config, accountId, rowActions, onOpenSidebar, onNewChat, onImport } = props;
  const { route, found, navigate } = useNavigation();
  const view = useOpenConversation(id, found);
  const item = useConversation(id ?? "");
  const [jumpCount, setJumpCount] = useState(0);
  const [newModel, setNewModel] = props.newModel;
  const model = answeringModel(config, (id === null ? newModel : item?.model) ?? "");
  // One goes on from what was found: opened again from here, the conversation is at its end.
  const leaveFound = () => {
    if (id !== null && found !== null) navigate(conversationPath(id), { replace: true });
  };
  const onSent = () => {
    leaveFound();
    setJumpCount((count) => count + 1);
    if (id !== null) return;
    setNewModel(null);
    props.onChatBegun();
  };
  const chosen = newModel === null ? null : model;
  const actions = useConversationActions({ id, model: chosen, onSent, onNewModel: setNewModel });
  const earlier = useEarlierVersion(id, view);
  useReplyEndings(id, view);
  useReplacedEdits(view);
  const isGone = route.kind === "unknown" || view.phase === "deleted";
  return (
    <>
      <ConnectedHeader {...{ id, isGone, accountId, onOpenSidebar, onNewChat }} actions={rowActions} />
      {isGone ? (
        <div class="messages-frame">
          <div id="messages" role="log" aria-label={t("Messages")} aria-live="off" tabIndex={0}>
            <div class="messages-content">
              <Gone view={view} id={id} onNewChat={onNewChat} />
              <TakesFiles {...{ onNewChat, onImport }} />
            </div>
          </div>
        </div>
      ) : (
        <Messages
          key={id ?? NEW_CHAT}
          view={earlier.view}
          versions={earlier}
          isGenerating={item?.isGenerating ?? false}
          actions={actions}
          onLoadOlder={actions.loadOlder}
          onLoadNewer={() => {
            actions.loadNewer();
            leaveFound();
          }}
          onLoadLater={actions.loadLater}
          onShowUnread={(foundSeq) => id !== null && navigate(conversationPath(id), { replace: true, foundSeq })}
          onShowLatest={leaveFound}
          emptyState={<Empty view={view} id={id} onNewChat={onNewChat} />}
          jumpCount={jumpCount}
        />
      )}
      {earlier.shown && <VersionNote onUse={() => void earlier.use()} onLeave={earlier.leave} />}
      <Notes problem={config.models_problem} onAskAgain={props.onModelsWanted} />
      {!isGone && (
        <ConnectedComposer
          id={id}
          view={view}
          models={{
            models: config.models,
            chosenId: model,
            onChoose: (chosen) => (id === null ? setNewModel(chosen) : actions.setModel(chosen)),
          }}
          onSend={(take) => earlier.send(take, actions.send)}
          onStop={actions.stop}
          onImport={onImport}
        />
      )}
      {id === null && !isGone && (
        <NewChatHelp config={config} onAsk={(text) => actions.send(text)} onImport={onImport} />
      )}
    </>
  );
}

interface ConnectedComposerProps {
  readonly id: string | null;
  readonly view: ConversationView;
  readonly models: Parameters<typeof Composer>[0]["models"];
  /** `take` takes what stands in the box, once it can be sent. */
  readonly onSend: (take: () => string) => void;
  readonly onStop: () => void;
  readonly onImport: (files: readonly File[]) => void;
}

function ConnectedComposer({ id, view, models, onSend, onStop, onImport }: ConnectedComposerProps) {
  const environment = useEnvironment();
  const drafts = useDrafts();
  const [draft, setDraft] = useDraft(id ?? NEW_CHAT);
  const isSendKey = useSendKey();
  const takeFiles = useTakenFiles(id ?? NEW_CHAT, onImport);
  const takesNoFocus = useNavigation().keepsFocus || environment.matches("(pointer: coarse)");
  return (
    <Composer
      text={draft}
      onText={setDraft}
      // Not the text that is shown: a second press comes before the first one shows.
      onSend={() => onSend(() => drafts.take(id ?? NEW_CHAT))}
      onFiles={takeFiles}
      onStop={view.reply ? onStop : null}
      isStopping={view.reply?.phase === "stopping"}
      models={models}
      isSendKey={isSendKey}
      focusKey={takesNoFocus ? null : (id ?? NEW_CHAT)}
    />
  );
}

/** Where there is no chat, the text of a file that is dropped begins a new one. */
function TakesFiles({ onNewChat, onImport }: Pick<ConversationPageProps, "onNewChat" | "onImport">) {
  useTakenFiles(NEW_CHAT, onImport, onNewChat);
  return null;
}

/** What stands between the messages and the box where something is to be said. */
function Notes(models: ModelsNoteProps) {
  const device = useDevice();
  const status = useSyncStatus();
  const now = useNow(status.state === "offline" || status.state === "waiting");
  return (
    <>
      <OfflineNote status={status} now={now} onTryNow={() => device.syncNow()} />
      <NewVersionNote />
      <ModelsNote {...models} />
    </>
  );
}

function Empty(props: GoneProps) {
  if (props.view.phase === "failed") return <Gone {...props} />;
  return (
    <div class={props.id === null ? "empty-state welcome" : "empty-state"}>
      <h2>{t("What is on your mind?")}</h2>
      <p>{t("Ask anything. Your chats stay in step on every device and tab.")}</p>
    </div>
  );
}

interface GoneProps {
  readonly view: ConversationView;
  readonly id: string | null;
  readonly onNewChat: () => void;
}

/** A conversation that can't be shown: deleted, in the trash, never there, or not loaded. */
function Gone({ view, id, onNewChat }: GoneProps) {
  const device = useDevice();
  const toasts = useToasts();
  const code = view.problem?.failed ?? "conversation_not_found";
  const reopen = () => void (id !== null && device.views.openConversation(id));
  // The view opens it again by itself, where it is still looked at by then.
  const restore = () => {
    if (id !== null) void tellRestoreFailure(toasts, `restore-${id}`, device.actions.restore(id));
  };
  const action =
    view.phase === "failed"
      ? { label: t("Try again"), run: reopen }
      : code === "conversation_trashed"
        ? { label: t("Restore"), run: restore }
        : null;
  return <NotHere code={code} action={action} onNewChat={onNewChat} />;
}
