/** A message that the server doesn't have yet: queued, being sent, or waiting or not sent with Retry, Edit and Discard [DEV-12]. */
import { memo } from "preact/compat";
import { deliberate } from "../design/deliberate.ts";
import { failureText, failureWords } from "../errors/failure-texts.ts";
import type { Failure, PendingSend } from "../sync/device.ts";
import type { PendingActions } from "./use-conversation-actions.ts";
import { UserText } from "./user-text.tsx";
import { t } from "../words/words.ts";

export const PendingMessage = memo(function PendingMessage(props: {
  readonly send: PendingSend;
  readonly actions: PendingActions;
}) {
  const { send, actions } = props;
  // Who asks again has written nothing: no message of one's own stands there.
  const hasText = send.text !== "";
  return (
    <article
      class={`message ${hasText ? "user " : ""}pending ${send.state}`}
      data-message-id={send.clientMessageId}
      data-state={send.state}
      aria-label={hasText ? labelOf(send) : t("Ask again")}
    >
      {hasText && (
        <div class="message-content" dir="auto">
          <UserText text={send.text} />
        </div>
      )}
      <SendState send={send} actions={actions} />
    </article>
  );
});

function labelOf({ state }: PendingSend): string {
  return state === "queued" ? t("Your message, queued") : t("Your message, not sent yet");
}

function SendState({ send, actions }: { readonly send: PendingSend; readonly actions: PendingActions }) {
  if (send.state === "sending") return null;
  const isRejected = send.state === "rejected";
  return (
    <p class={isRejected ? "send-state rejected" : "send-state quiet"} role={isRejected ? "alert" : undefined}>
      <span>
        {send.isReplacing && send.text !== "" && `${t("Replaces an earlier message.")} `}
        {stateWords(send)}
      </span>
      <span class="send-actions">
        {actionsOf(send, actions).map(({ name, run }) => (
          // Keyed, since another tab may change what stands here under a finger: a pressed button that goes does nothing.
          <button key={name} type="button" class={isRejected ? "button" : "button plain"} onClick={run}>
            {name}
          </button>
        ))}
      </span>
    </p>
  );
}

function actionsOf({ state, text, problem, clientMessageId: id }: PendingSend, actions: PendingActions) {
  const retry = { name: t("Retry"), run: () => actions.retry(id) };
  const edit = { name: t("Edit"), run: deliberate(() => actions.takeBack(id)) };
  const discard = (name: string) => ({ name, run: deliberate(() => actions.discard(id)) });
  if (state === "queued") return [edit, discard(t("Take back"))];
  // No try has failed: it goes as soon as it can, and another try would change nothing.
  if (state === "waiting" && problem === null) return [discard(t("Discard"))];
  return text === "" ? [retry, discard(t("Discard"))] : [retry, edit, discard(t("Discard"))];
}

function stateWords({ state, problem }: PendingSend): string {
  if (state === "queued") return t("Queued until the reply has ended");
  if (state === "waiting") return waitingWords(problem);
  return `${t("Not sent.")} ${failureWords(problem?.failed ?? "")}`;
}

/** Why it waits, where that is known: it goes again by itself, so there is nothing to advise. */
function waitingWords(problem: Failure | null): string {
  return problem === null ? t("Waiting to send") : `${t("Waiting to send")}. ${failureText(problem.failed).title}`;
}
