/** A message that the server doesn't have yet: queued, waiting, being sent, or not sent with Retry and Discard [DEV-12]. */
import { memo } from "preact/compat";
import { failureText } from "../errors/failure-texts.ts";
import type { Failure, PendingSend } from "../sync/device.ts";
import type { PendingActions } from "./use-conversation-actions.ts";
import { OwnText } from "./own-text.tsx";
import { t } from "../words/words.ts";

export const PendingMessage = memo(function PendingMessage(props: {
  readonly send: PendingSend;
  readonly actions: PendingActions;
}) {
  const { send, actions } = props;
  return (
    <article
      class={`message user pending ${send.state}`}
      data-message-id={send.clientMessageId}
      data-state={send.state}
      aria-label={send.state === "queued" ? t("Your message, queued") : t("Your message, not sent yet")}
    >
      <div class="message-content" dir="auto">
        <OwnText text={send.text} />
      </div>
      <SendState send={send} actions={actions} />
    </article>
  );
});

function SendState({ send, actions }: { readonly send: PendingSend; readonly actions: PendingActions }) {
  const retry = () => actions.retry(send.clientMessageId);
  const edit = () => actions.takeBack(send.clientMessageId);
  const discard = (event: MouseEvent) => {
    // The second click of a double one was meant for the button that stood here.
    if (event.detail <= 1) actions.discard(send.clientMessageId);
  };
  if (send.state === "sending") return null;
  if (send.state === "queued") {
    return (
      <p class="send-state quiet">
        <span>{t("Queued until the reply has ended")}</span>
        <button type="button" class="button plain" onClick={edit}>
          {t("Edit")}
        </button>
        <button type="button" class="button plain" onClick={discard}>
          {t("Take back")}
        </button>
      </p>
    );
  }
  if (send.state === "waiting") {
    return (
      <p class="send-state quiet">
        <span>{waitingWords(send.problem)}</span>
        <button type="button" class="button plain" onClick={discard}>
          {t("Discard")}
        </button>
      </p>
    );
  }
  const { title, advice } = failureText(send.problem?.failed ?? "");
  return (
    <p class="send-state rejected" role="alert">
      <span>
        {t("Not sent.")} {title} {advice}
      </span>
      <button type="button" class="button" onClick={retry}>
        {t("Retry")}
      </button>
      {send.text !== "" && (
        <button type="button" class="button" onClick={edit}>
          {t("Edit")}
        </button>
      )}
      <button type="button" class="button" onClick={discard}>
        {t("Discard")}
      </button>
    </p>
  );
}

/** Why it waits, where that is known: it goes again by itself, so there is nothing to advise. */
function waitingWords(problem: Failure | null): string {
  return problem === null ? t("Waiting to send") : `${t("Waiting to send")}. ${failureText(problem.failed).title}`;
}
