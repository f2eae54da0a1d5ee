/** The tab's title and icon: what is open, and how many conversations are unread. */
import { useEffect } from "preact/hooks";
import { useEnvironment } from "../environment.ts";
import { useConversation, useUnreadConversations } from "../sync/use-conversations.ts";

/** Who sees the page after its person, on a form to sign in, learns nothing of that from the tab. */
export function useTabTitle(openId: string | null): void {
  const unread = useUnreadConversations();
  const environment = useEnvironment();
  const title = useConversation(openId ?? "")?.title;
  const show = (name: string | undefined, count: number) => {
    document.title = tabTitle(name, count);
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    const href = count > 0 ? "/favicon-unread.svg" : "/favicon.svg";
    if (icon && icon.getAttribute("href") !== href) icon.setAttribute("href", href);
    environment.setBadge(count);
  };
  useEffect(() => show(title, unread), [title, unread, environment]);
  useEffect(() => () => show(undefined, 0), [environment]);
}

/** The words of the tab: `(2) Trip to Lisbon · Instep`. */
export function tabTitle(title: string | undefined, unread: number): string {
  const name = title ? `${title} · Instep` : "Instep";
  return unread > 0 ? `(${unread}) ${name}` : name;
}
