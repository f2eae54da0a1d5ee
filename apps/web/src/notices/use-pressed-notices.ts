/** A notification was pressed that the page's worker has shown: the conversation is opened in this page, where the worker asks for that. */
import { useEffect } from "preact/hooks";
import { isPageMessage } from "../app-worker/page-message.ts";
import { closeModals } from "../design/close-modals.ts";

export function usePressedNotices(onOpen: (id: string) => void): void {
  useEffect(() => {
    if (!("serviceWorker" in navigator)) return undefined;
    const { serviceWorker: workers } = navigator;
    const open = ({ data, ports }: MessageEvent<unknown>) => {
      if (!isPageMessage(data)) return;
      closeModals();
      onOpen(data.id);
      ports[0]?.postMessage(true);
    };
    workers.addEventListener("message", open);
    return () => workers.removeEventListener("message", open);
  }, [onOpen]);
}
