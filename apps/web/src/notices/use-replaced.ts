/** Messages were replaced by an edit or by asking again: a toast that says how many, with a way back [MSG-5]. */
import { useEffect } from "preact/hooks";
import { tellFailure } from "../toasts/tell-failure.ts";
import { useToasts, undoAction } from "../toasts/toast-store.ts";
import { isFailure } from "../sync/device.ts";
import { useDevice, useDeviceEvents } from "../sync/device-context.ts";
import { plural, t } from "../words/words.ts";

export function useReplaced(onOpen: (id: string, foundSeq: number | null) => void): void {
  const { versions } = useDevice();
  const events = useDeviceEvents();
  const toasts = useToasts();
  useEffect(
    () =>
      events.onReplaced((id, { version_id: versionId, message_count: count }) => {
        const toast = `replaced-${id}`;
        const undo = async (): Promise<void> => {
          const result = versions.undo(id, versionId);
          const outcome = await result;
          if (!isFailure(outcome) || outcome.failed !== "stale_conversation") {
            return tellFailure(toasts, toast, result);
          }
          const foundSeq = versions.placeOf(id, versionId);
          toasts.show({
            id: toast,
            text: t(
              "Something newer was written here, so nothing was undone. What was replaced is kept as an earlier version.",
            ),
            tone: "info",
            action: { label: t("Show"), run: () => onOpen(id, foundSeq) },
          });
        };
        toasts.show({
          id: toast,
          text: plural(count, "1 message replaced", "{count} messages replaced"),
          tone: "info",
          action: undoAction(() => void undo()),
        });
      }),
    [versions, events, toasts, onOpen],
  );
}
