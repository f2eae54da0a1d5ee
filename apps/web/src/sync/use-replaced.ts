/** Messages were replaced by an edit or by asking again: a toast that says how many, with a way back [MSG-5]. */
import { useEffect } from "preact/hooks";
import { tellFailure } from "../toasts/tell-failure.ts";
import { useToasts } from "../toasts/toast-store.ts";
import { isFailure } from "./device.ts";
import { useDevice, useDeviceEvents } from "./device-context.ts";

export function useReplaced(): void {
  const { versions } = useDevice();
  const events = useDeviceEvents();
  const toasts = useToasts();
  useEffect(
    () =>
      events.onReplaced((id, { version_id: versionId, message_count: count }) => {
        const toast = `replaced-${id}`;
        const undo = async (): Promise<void> => {
          const result = versions.bringBack(id, versionId);
          const outcome = await result;
          // A reply that was stopped before its first word has brought them back by itself.
          const isBackAlready = isFailure(outcome) && outcome.failed === "version_not_found";
          if (!isBackAlready) await tellFailure(toasts, toast, result);
        };
        toasts.show({
          id: toast,
          text: count === 1 ? "1 message replaced" : `${count} messages replaced`,
          tone: "info",
          action: { label: "Undo", run: () => void undo() },
        });
      }),
    [versions, events, toasts],
  );
}
