/** Messages were replaced by an edit or by asking again: a toast that says how many, with a way back [MSG-5]. */
import { useEffect } from "preact/hooks";
import { tellFailure } from "../toasts/tell-failure.ts";
import { useToasts, undoAction } from "../toasts/toast-store.ts";
import { isFailure } from "../sync/device.ts";
import { useDevice, useDeviceEvents } from "../sync/device-context.ts";
import { watchBroughtBack } from "./watch-brought-back.ts";
import { plural, t } from "../words/words.ts";

export function useReplaced(onOpen: (id: string, foundSeq: number | null) => void): void {
  const device = useDevice();
  const { versions } = device;
  const events = useDeviceEvents();
  const toasts = useToasts();
  useEffect(() => {
    const watched = new Map<string, () => void>();
    const end = events.onReplaced((id, { version_id: versionId, message_count: count }) => {
      const toast = `replaced-${id}`;
      watched.get(id)?.();
      watched.set(
        id,
        watchBroughtBack(device, id, () => toasts.dismiss(toast)),
      );
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
    });
    return () => {
      end();
      for (const endWatch of watched.values()) endWatch();
    };
  }, [device, versions, events, toasts, onOpen]);
}
