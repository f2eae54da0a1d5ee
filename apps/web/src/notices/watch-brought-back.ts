/** A turn that asked again, and ended without a word: what it had replaced is back by itself [MSG-5]. */
import type { Device } from "../sync/device.ts";

/**
 * Calls back once where that happens to the turn that has just begun in a conversation: what comes then is a reply, and not the turn's
 * own. The returned function ends it.
 */
export function watchBroughtBack(
  { views, conversations }: Pick<Device, "views" | "conversations">,
  id: string,
  onBack: () => void,
): () => void {
  const begunAt = conversations.get(id)?.last_seq ?? 0;
  let replyId = views.get(id)?.reply?.replyId ?? null;
  const end = views.subscribe(id, () => {
    const view = views.get(id);
    replyId = view?.reply?.replyId ?? replyId;
    const came = view?.messages.find(({ seq }) => seq > begunAt);
    if (!came) return;
    end();
    if (came.role === "assistant" && replyId !== null && came.id !== replyId) onBack();
  });
  return end;
}
