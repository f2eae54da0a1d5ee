/** Going back to a conversation that has to be restored first. */
import { isFailure, type Result } from "../sync/device.ts";
import { conversationPath } from "./route.ts";
import type { Navigation } from "./use-route.ts";

/** Opens it once it is there; not where the person has gone elsewhere meanwhile. */
export async function openOnceDone(
  restored: Promise<Result<unknown>>,
  id: string,
  navigate: Navigation["navigate"],
): Promise<void> {
  const { pathname } = location;
  if (!isFailure(await restored) && location.pathname === pathname) navigate(conversationPath(id));
}
