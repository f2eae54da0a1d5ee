/** Going back to a conversation that has to be restored first. */
import { listenTo } from "../listen-to.ts";
import { isFailure, type Result } from "../sync/device.ts";
import { conversationPath } from "./route.ts";
import type { Navigation } from "./use-route.ts";

/** Opens it once it is there; not where the person has gone elsewhere meanwhile, or begun to write where he is. */
export async function openOnceDone(
  restored: Promise<Result<unknown>>,
  id: string,
  navigate: Navigation["navigate"],
): Promise<void> {
  const { pathname } = location;
  let hasWritten = false;
  const endListening = listenTo(document, { input: () => void (hasWritten = true) });
  const outcome = await restored;
  endListening();
  if (!isFailure(outcome) && location.pathname === pathname && !hasWritten) navigate(conversationPath(id));
}
