/** Leads a press on a notification to its conversation: in a page that is open, else in one that is opened for it. */

export interface OpenPage {
  readonly url: string;
  focus(): Promise<unknown>;
  navigate(url: string): Promise<unknown>;
}

export interface OpenPages<Page extends OpenPage> {
  /** What the browser has open of the page, the one last used first. */
  matchAll(how: { readonly type: "window"; readonly includeUncontrolled: true }): Promise<readonly Page[]>;
  openWindow(url: string): Promise<unknown>;
}

/** A page that shows the conversation only comes to the front; another one goes there, and where it can't, a new one does. */
export async function openNoticed<Page extends OpenPage>(id: string, clients: OpenPages<Page>): Promise<void> {
  const path = `/c/${encodeURIComponent(id)}`;
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const showing = pages.find(({ url }) => new URL(url).pathname === path);
  const page = showing ?? pages[0];
  try {
    if (!page) throw new Error("No page is open");
    await page.focus();
    if (!showing) await page.navigate(path);
  } catch {
    await clients.openWindow(path);
  }
}
