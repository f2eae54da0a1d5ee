/** A reply while it grows. Not announced token by token: its end is, once. */
import type { VNode } from "preact";
import { Markdown } from "../markdown/markdown.tsx";
import type { ReplyView } from "../sync/device.ts";
import { Thoughts } from "./thoughts.tsx";
import { type English, t } from "../words/words.ts";

/** Its elements, which are a stored message's up to its end: what is selected in it stays so when that takes its place. */
export function runningMessage(reply: ReplyView): VNode {
  return (
    <article
      class="message assistant streaming"
      data-message-id={reply.replyId ?? ""}
      aria-label={t("Reply, being written")}
      aria-busy="true"
    >
      <Thoughts text={reply.thoughts ?? ""} isGrowing={reply.text === ""} />
      <div class="message-content">
        <Markdown text={reply.text} isGrowing />
      </div>
      {(reply.text === "" || reply.phase !== "streaming") && (
        <div class="writing" role="img" aria-label={t(PHASE_WORDS[reply.phase])}>
          <i />
          <i />
          <i />
        </div>
      )}
    </article>
  );
}

const PHASE_WORDS = {
  connecting: "Connecting",
  streaming: "Thinking",
  stopping: "Stopping",
} as const satisfies Readonly<Record<ReplyView["phase"], English>>;
