/** A reply while it grows. Not announced token by token: its end is, once. */
import { Markdown } from "../markdown/markdown.tsx";
import type { ReplyView } from "../sync/device.ts";
import { Thoughts } from "./thoughts.tsx";

export function RunningMessage({ reply }: { readonly reply: ReplyView }) {
  return (
    <article
      class="message assistant streaming"
      data-message-id={reply.replyId ?? ""}
      aria-label="Reply, being written"
      aria-busy="true"
    >
      <Thoughts text={reply.thoughts ?? ""} isGrowing={reply.text === ""} />
      <div class="message-content">
        <Markdown text={reply.text} isGrowing />
      </div>
      {(reply.text === "" || reply.phase !== "streaming") && (
        <div class="writing" role="img" aria-label={PHASE_WORDS[reply.phase]}>
          <i />
          <i />
          <i />
        </div>
      )}
    </article>
  );
}

const PHASE_WORDS: Readonly<Record<ReplyView["phase"], string>> = {
  connecting: "Connecting",
  streaming: "Thinking",
  stopping: "Stopping",
};
