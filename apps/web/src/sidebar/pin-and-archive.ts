/** The items that pin and archive a conversation, or undo it, in each of its menus. */
import Archive from "lucide-react/icons/archive";
import ArchiveRestore from "lucide-react/icons/archive-restore";
import Pin from "lucide-react/icons/pin";
import PinOff from "lucide-react/icons/pin-off";
import type { MenuItem } from "../design/menu.tsx";
import { t } from "../words/words.ts";
import type { RowActions } from "./use-row-actions.ts";

export function pinItem(id: string, isPinned: boolean, { setPinned }: Pick<RowActions, "setPinned">): MenuItem {
  return isPinned
    ? { label: t("Unpin"), icon: PinOff, onSelect: () => setPinned(id, false) }
    : { label: t("Pin"), icon: Pin, onSelect: () => setPinned(id, true) };
}

export function archiveItem(
  id: string,
  isArchived: boolean,
  { setArchived }: Pick<RowActions, "setArchived">,
): MenuItem {
  return isArchived
    ? { label: t("Unarchive"), icon: ArchiveRestore, onSelect: () => setArchived(id, false) }
    : { label: t("Archive"), icon: Archive, onSelect: () => setArchived(id, true) };
}
