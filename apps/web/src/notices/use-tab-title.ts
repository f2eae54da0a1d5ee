/** The tab's title and icon: what is open, and how many conversations are unread. */
import { useEffect } from "preact/hooks";
import { useEnvironment } from "../environment.ts";
import { useConversation, useUnreadConversations } from "../sync/use-conversations.ts";

export function useTabTitle(openId: string | null): void {
  const unread = useUnreadConversations();
  const environment = useEnvironment();
  const title = useConversation(openId ?? "")?.title;
  useEffect(() => {
    document.title = tabTitle(title, unread);
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    const href = unread > 0 ? "/favicon-unread.svg" : "/favicon.svg";
    if (icon && icon.getAttribute("href") !== href) icon.setAttribute("href", href);
  }, [title, unread]);
  useEffect(() => environment.setBadge(unread), [environment, unread]);
}

/** The words of the tab: `(2) Trip to Lisbon · Instep`. */
export function tabTitle(title: string | undefined, unread: number): string {
  const name = title ? `${title} · Instep` : "Instep";
  return unread > 0 ? `(${unread}) ${name}` : name;
}
