/** Says that something came elsewhere, and shows it when asked: nothing moves under the reader's eyes [DEV-9]. */
import { useRef } from "preact/hooks";
import { deliberate } from "../design/deliberate.ts";
import { useFocusHeir } from "../design/use-focus-heir.ts";
import { failureText } from "../errors/failure-texts.ts";
import type { Failure } from "../sync/device.ts";
import { plural, t } from "../words/words.ts";

export interface NewMessagesBannerProps {
  readonly count: number;
  /** Why they could not be shown when that was asked. */
  readonly problem: Failure | null;
  readonly onShow: () => void;
}

export function NewMessagesBanner({ count, problem, onShow }: NewMessagesBannerProps) {
  const element = useRef<HTMLDivElement>(null);
  useFocusHeir(element, () => document.querySelector<HTMLElement>("#messages"));
  const words = plural(count, "1 new message", "{count} new messages");
  return (
    <div class="new-messages-banner" role="status" ref={element}>
      <span>{problem ? failureText(problem.failed).title : words}</span>
      <button type="button" onClick={deliberate(onShow)}>
        {problem ? t("Try again") : t("Show")}
      </button>
    </div>
  );
}
