/** Shows one of the browser's notifications: loaded with the first one. */

export interface Notice {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly onClick: () => void;
}

/** A press on it brings the page up and is told. */
export function showNotification({ title, body, tag, onClick }: Notice): void {
  const how = { body, tag, icon: "/favicon.svg" };
  try {
    const notification = new Notification(title, how);
    notification.addEventListener("click", () => {
      window.focus();
      notification.close();
      onClick();
    });
  } catch {
    void showByWorker(title, how).catch(() => undefined);
  }
}

/** Phones let only a worker show notifications; a press on one is the worker's to heed (`app-worker/open-noticed.ts`). */
async function showByWorker(title: string, how: NotificationOptions): Promise<void> {
  await (await navigator.serviceWorker.getRegistration())?.showNotification(title, how);
}
