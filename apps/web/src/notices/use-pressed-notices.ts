/** A notification was pressed that the page's worker has shown: the conversation is opened in this page, where the worker asks for that. */
import { useEffect } from "preact/hooks";
import { isPageMessage } from "../app-worker/page-message.ts";
import { conversationPath } from "../routing/route.ts";
import { useNavigation } from "../routing/use-route.ts";

export function usePressedNotices(): void {
  const { navigate } = useNavigation();
  useEffect(() => {
    if (!("serviceWorker" in navigator)) return undefined;
    const { serviceWorker: workers } = navigator;
    const open = ({ data, ports }: MessageEvent<unknown>) => {
      if (!isPageMessage(data)) return;
      navigate(conversationPath(data.id));
      ports[0]?.postMessage(true);
    };
    workers.addEventListener("message", open);
    return () => workers.removeEventListener("message", open);
  }, [navigate]);
}
