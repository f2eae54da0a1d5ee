/** Leads a press on a notification to its conversation: in a page that is open, else in one that is opened for it. */
import type { PageMessage } from "./page-message.ts";

export interface OpenPage {
  readonly url: string;
  focus(): Promise<unknown>;
  navigate(url: string): Promise<unknown>;
  postMessage(message: PageMessage, ports: MessagePort[]): void;
}

export interface OpenPages<Page extends OpenPage> {
  /** What the browser has open of the page, the one last used first. */
  matchAll(how: { readonly type: "window"; readonly includeUncontrolled: true }): Promise<readonly Page[]>;
  openWindow(url: string): Promise<unknown>;
}

/** So long a page may take to say that it goes there. */
const PATIENCE_MS = 1000;

/**
 * A page that shows the conversation only comes to the front. Another one is asked to go there: loading it anew would end what it is at,
 * such as an import. Where it says nothing it is loaded anew, and where that can't be, a new one is opened.
 */
export async function openNoticed<Page extends OpenPage>(
  id: string,
  clients: OpenPages<Page>,
  wait: (ms: number) => Promise<void>,
): Promise<void> {
  const path = `/c/${encodeURIComponent(id)}`;
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const showing = pages.find(({ url }) => new URL(url).pathname === path);
  const page = showing ?? pages[0];
  try {
    if (!page) throw new Error("No page is open");
    await page.focus();
    if (!showing && !(await goesThere(page, id, wait))) await page.navigate(path);
  } catch {
    await clients.openWindow(path);
  }
}

async function goesThere(page: OpenPage, id: string, wait: (ms: number) => Promise<void>): Promise<boolean> {
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise<boolean>((resolve) => {
    port1.addEventListener("message", () => resolve(true));
    port1.start();
  });
  page.postMessage({ kind: "open", id }, [port2]);
  const goes = await Promise.race([answered, wait(PATIENCE_MS).then(() => false)]);
  port1.close();
  return goes;
}
