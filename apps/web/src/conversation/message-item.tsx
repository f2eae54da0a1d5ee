/** One message: what was said, how it ended, and what can be done with it. */
import type { Message } from "@instep/protocol";
import Check from "lucide-react/icons/check";
import Copy from "lucide-react/icons/copy";
import Pencil from "lucide-react/icons/pencil";
import RefreshCw from "lucide-react/icons/refresh-cw";
import X from "lucide-react/icons/x";
import { memo } from "preact/compat";
import { useState } from "preact/hooks";
import { editKey } from "../composer/edit-drafts.ts";
import { useDrafts } from "../composer/use-draft.ts";
import { deliberate } from "../design/deliberate.ts";
import { IconButton } from "../design/icon-button.tsx";
import { lazyPart, patientLazyPart } from "../design/lazy-part.tsx";
import { copyWords, useCopy } from "../design/use-copy.ts";
import { failureText, turnFailureWords } from "../errors/failure-texts.ts";
import { Markdown } from "../markdown/markdown.tsx";
import type { ReplyView } from "../sync/device.ts";
import type { MessageActions } from "./use-conversation-actions.ts";
import { timeWords, wholeTimeWords } from "../time/day-words.ts";
import { useModelName } from "./models-context.ts";
import { UserText } from "./user-text.tsx";
import { runningMessage } from "./running-message.tsx";
import { Thoughts } from "./thoughts.tsx";
import { usageWords } from "./usage-words.ts";
import { type English, plural, t } from "../words/words.ts";
import "./message-item.css";

const VersionSwitcher = patientLazyPart(async () => (await import("./version-switcher.tsx")).VersionSwitcher);

const EditMessage = lazyPart(async () => (await import("./edit-message.tsx")).EditMessage);

export interface StoredMessageProps {
  readonly message: Message;
  readonly actions: MessageActions;
  /** Whether editing and asking again make sense now: not while a reply is being written. */
  readonly isLocked: boolean;
  /** Whether nothing follows it: only then can a reply be continued. */
  readonly isLast: boolean;
  /** Whether a search led here. */
  readonly isFound: boolean;
  /** Which version of its place this is, where that is an earlier one; else the last of its own. */
  readonly version?: { readonly number: number; readonly count: number } | undefined;
  readonly onVersion?: (message: Message, by: number) => void;
}

export type MessageItemProps = StoredMessageProps | { readonly reply: ReplyView };

/** A message: a stored one is rendered once, since it never changes; a reply is one component from its first word on. */
export const MessageItem = memo(function MessageItem(props: MessageItemProps) {
  const [editing, setEditing] = useEditing("reply" in props ? null : props.message);
  if ("reply" in props) return runningMessage(props.reply);
  const { message, actions, isLocked, isLast, isFound, onVersion } = props;
  const count = (message.version_count ?? 0) + 1;
  const version = props.version ?? { number: count, count };
  if (message.role === "system") return null;
  const isUser = message.role === "user";
  return (
    <article
      class={`message ${isUser ? "user" : "assistant"} ${message.status}${isFound ? " found" : ""}`}
      data-message-id={message.id}
      data-seq={message.seq}
      aria-label={isUser ? t("Your message") : t("Reply")}
    >
      <Thoughts text={message.thoughts ?? ""} />
      {editing ? (
        <EditMessage
          message={message}
          since={editing}
          isLocked={isLocked}
          onClose={() => setEditing(null)}
          onSave={(text) => {
            setEditing(null);
            actions.edit(message.seq, text);
          }}
        />
      ) : (
        <div class="message-content" dir={isUser ? "auto" : undefined}>
          {isUser ? <UserText text={message.content} /> : <Markdown text={message.content} />}
        </div>
      )}
      {!isUser && (
        <Ending
          message={message}
          isLocked={isLocked}
          onAskAgain={() => actions.askAgain(message.seq)}
          onContinue={isLast && canContinue(message) ? actions.continueReply : null}
        />
      )}
      {!editing && onVersion && version.count > 1 && (
        <VersionSwitcher {...version} onStep={(by) => onVersion(message, by)} />
      )}
      {!editing && (
        <MessageTools
          message={message}
          actions={actions}
          isLocked={isLocked}
          onEdit={() => setEditing(document.activeElement ?? document.body)}
        />
      )}
    </article>
  );
});

/** Whether a message is being edited, and since when: a press here, as what had the focus then, or an earlier time of which its text was kept. */
function useEditing(message: Message | null) {
  const drafts = useDrafts();
  return useState<Element | "kept" | null>(() =>
    message?.role === "user" && drafts.get(editKey(message)) !== "" ? "kept" : null,
  );
}

interface MessageToolsProps extends Pick<StoredMessageProps, "message" | "actions" | "isLocked"> {
  readonly onEdit: () => void;
}

function MessageTools({ message, actions, isLocked, onEdit }: MessageToolsProps) {
  return (
    <div class="message-tools">
      <CopyButton text={message.content} />
      {message.role === "user" ? (
        <IconButton label={t("Edit message")} icon={Pencil} isDisabled={isLocked} onClick={onEdit} />
      ) : (
        <IconButton
          label={t("Ask again")}
          icon={RefreshCw}
          isDisabled={isLocked}
          onClick={() => actions.askAgain(message.seq)}
        />
      )}
      <MessageMeta message={message} />
    </div>
  );
}

/** When it was written, by which model, and what that cost: seen where one points or has the focus, heard always. */
function MessageMeta({ message: { created_at: at, model, role, usage = {} } }: Pick<StoredMessageProps, "message">) {
  const modelName = useModelName(model ?? "");
  const cost = usageWords(usage);
  return (
    <span class="message-meta">
      <time datetime={at} title={wholeTimeWords(at)}>
        {timeWords(at)}
      </time>
      {role === "assistant" && model && (
        <span class="message-model" title={model}>
          {modelName}
        </span>
      )}
      {cost !== null && <span class="message-usage">{cost}</span>}
    </span>
  );
}

function CopyButton({ text }: { readonly text: string }) {
  const [isCopied, copy] = useCopy();
  return (
    <IconButton
      label={copyWords(isCopied) ?? t("Copy message")}
      icon={isCopied === null ? Copy : isCopied ? Check : X}
      onClick={() => copy(text)}
    />
  );
}

interface EndingProps {
  readonly message: Message;
  readonly isLocked: boolean;
  readonly onAskAgain: () => void;
  /** Null where there is nothing to continue. */
  readonly onContinue: (() => void) | null;
}

/** How a reply ended, where it did not end by itself. */
function Ending({ message, isLocked, onAskAgain, onContinue }: EndingProps) {
  const words = endingWords(message);
  if (words === null) return null;
  return (
    <p class={`message-ending ${message.status}`}>
      <span>{words}</span>
      {onContinue && (
        <button type="button" class="button" disabled={isLocked} onClick={deliberate(onContinue)}>
          {t("Continue")}
        </button>
      )}
      {leftOutCount(message) === null && (
        <button type="button" class="button" disabled={isLocked} onClick={deliberate(onAskAgain)}>
          {t("Try again")}
        </button>
      )}
    </p>
  );
}

/** Only what ended early, and only where there is text to go on from [MODEL-2]. */
function canContinue({ status, stop_reason, content }: Message): boolean {
  return content.trim() !== "" && (status !== "complete" || CUTS.has(stop_reason ?? ""));
}

/** A reply that its model's will did not end, though nothing failed. */
const CUTS: ReadonlyMap<string, English> = new Map<string, English>([
  ["length", "This reply was cut at its length limit."],
  ["content_filter", "A content filter of the model cut this reply."],
  ["tool_calls", "The model wanted to use a tool, which it does not have here."],
]);

/** How many earlier messages the model did not see, because its window is too small for all of them. */
function leftOutCount({ stop_reason }: Message): number | null {
  const [, count] = /^context_trimmed:(\d+)$/.exec(stop_reason ?? "") ?? [];
  return count === undefined ? null : Number(count);
}

function endingWords(message: Message): string | null {
  const { status, error, stop_reason } = message;
  if (status === "stopped") return t("You stopped this reply.");
  if (status === "interrupted") return `${failureText("reply_interrupted").title} ${t("What was written is kept.")}`;
  if (status === "failed") return turnFailureWords(error ?? { code: "model_failed", detail: "" });
  const leftOut = leftOutCount(message);
  if (leftOut !== null) {
    return plural(
      leftOut,
      "The model's window is too small for all of this: it did not see the oldest message.",
      "The model's window is too small for all of this: it did not see the oldest {count} messages.",
    );
  }
  const cut = CUTS.get(stop_reason ?? "");
  return cut === undefined ? null : t(cut);
}
