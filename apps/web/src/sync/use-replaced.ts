/** Messages were replaced by an edit or by asking again: a toast that says how many, with a way back [MSG-5]. */
import { useEffect } from "preact/hooks";
import { failureText } from "../errors/failure-texts.ts";
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
          const result = await versions.bringBack(id, versionId);
          // A reply that was stopped before its first word has brought them back by itself.
          if (!isFailure(result) || result.failed === "version_not_found") return;
          const { title, advice } = failureText(result.failed);
          toasts.show({ id: toast, text: `${title} ${advice ?? ""}`.trim(), tone: "error" });
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
