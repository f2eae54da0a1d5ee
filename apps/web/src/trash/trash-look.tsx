/** A look into a conversation that is in the trash, before one restores it or lets it go. */
import type { TrashedConversation } from "@instep/protocol";
import { Dialog } from "../design/dialog.tsx";
import { failureWords } from "../errors/failure-texts.ts";
import { Markdown } from "../markdown/markdown.tsx";
import { useTrashedMessages } from "./use-trashed-messages.ts";
import { t } from "../words/words.ts";

export interface TrashLookProps {
  readonly conversation: TrashedConversation;
  readonly onRestore: () => void;
  readonly onClose: () => void;
}

export function TrashLook({ conversation, onRestore, onClose }: TrashLookProps) {
  const { phase, messages, problem, more } = useTrashedMessages(conversation.id);
  return (
    <Dialog title={conversation.title || t("New chat")} onClose={onClose}>
      <div class="trash-look">
        {phase === "loading" && <p role="status">{t("Loading…")}</p>}
        {problem && <p role="alert">{failureWords(problem.failed)}</p>}
        {more && (
          <button type="button" class="button plain" onClick={more}>
            {problem ? t("Try again") : t("Show earlier messages")}
          </button>
        )}
        {messages.map(({ id, role, content }) => (
          <article key={id} class={`trash-message ${role}`}>
            <h3>{role === "user" ? t("You") : t("Reply")}</h3>
            {role === "user" ? <p class="trash-words">{content}</p> : <Markdown text={content} />}
          </article>
        ))}
        {phase === "ready" && messages.length === 0 && <p>{t("Nothing was written in it.")}</p>}
      </div>
      <footer class="trash-look-foot">
        <button type="button" class="button primary" onClick={onRestore}>
          {t("Restore")}
        </button>
      </footer>
    </Dialog>
  );
}
