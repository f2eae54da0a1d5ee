/** Shows what a push says, where no page of the app is in front of the person [PUSH-1]. */
import type { PushNotice } from "@instep/protocol";
import type { PushWords } from "./push-words.ts";

interface SeenPage {
  readonly visibilityState: string;
}

export interface PushShowing {
  readonly pages: () => Promise<readonly SeenPage[]>;
  /** As the page has left them. */
  readonly words: () => Promise<PushWords>;
  readonly show: (title: string, how: NotificationOptions) => Promise<unknown>;
}

/** One notification for each conversation: a newer one takes the place of the older, and of one that a page has shown. */
export async function showPush(text: string, { pages, words, show }: PushShowing): Promise<void> {
  const notice = readNotice(text);
  if (notice === null || (await pages()).some(({ visibilityState }) => visibilityState === "visible")) return;
  const { untitled, [notice.kind]: body } = await words();
  await show(notice.title.trim() || untitled, { body, tag: notice.conversation_id, icon: "/favicon.svg" });
}

function readNotice(text: string): PushNotice | null {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof data !== "object" || data === null || !("conversation_id" in data) || !("title" in data)) return null;
  const { conversation_id, title } = data;
  if (typeof conversation_id !== "string" || typeof title !== "string") return null;
  return { conversation_id, title, kind: "kind" in data && data.kind === "failed" ? "failed" : "complete" };
}
