/** What can be done to the rows that are selected, under the list, so that none of them moves for it. */
import Archive from "lucide-react/icons/archive";
import ArchiveRestore from "lucide-react/icons/archive-restore";
import MailOpen from "lucide-react/icons/mail-open";
import Mail from "lucide-react/icons/mail";
import Pin from "lucide-react/icons/pin";
import PinOff from "lucide-react/icons/pin-off";
import Trash2 from "lucide-react/icons/trash-2";
import X from "lucide-react/icons/x";
import { useEffect, useRef } from "preact/hooks";
import { useAnnounce } from "../design/announcer.tsx";
import { useFocusHeir } from "../design/use-focus-heir.ts";
import { useBackCloses } from "../routing/use-back-closes.ts";
import { IconButton } from "../design/icon-button.tsx";
import type { ConversationItem, SharedChange } from "../sync/device.ts";
import { useDevice } from "../sync/device-context.ts";
import type { RowActions } from "./use-row-actions.ts";
import { t } from "../words/words.ts";
import "./selection-bar.css";

export interface SelectionBarProps {
  readonly ids: ReadonlySet<string>;
  readonly actions: RowActions;
  /** Nothing is selected any more. */
  readonly onClear: () => void;
}

export function SelectionBar({ ids, actions, onClear }: SelectionBarProps) {
  const { conversations } = useDevice();
  const announce = useAnnounce();
  const words = t("{count} selected", { count: ids.size });
  useEffect(() => announce(words), [announce, words]);
  useBackCloses(true, onClear);
  const bar = useRef<HTMLDivElement>(null);
  // The row that was last at hand, and not the first one.
  useFocusHeir(bar, () => document.querySelector<HTMLElement>('.conversation-list .conversation-link[tabindex="0"]'));
  const items = [...ids].map((id) => conversations.get(id)).filter((item) => item !== undefined);
  const areAll = (is: (item: ConversationItem) => boolean) => items.every(is);
  const change = (key: SharedChange["key"], value: boolean) => () => {
    actions.changeMany([...ids], { key, value });
    onClear();
  };
  const [arePinned, areArchived] = [areAll(({ pinned }) => pinned), areAll(({ archived }) => archived)];
  const areUnread = areAll(({ unread }) => unread > 0);
  return (
    <div
      ref={bar}
      class="selection-bar"
      role="toolbar"
      aria-label={t("Selected chats")}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClear();
      }}
    >
      <span>{words}</span>
      <IconButton
        label={arePinned ? t("Unpin selected") : t("Pin selected")}
        icon={arePinned ? PinOff : Pin}
        onClick={change("pinned", !arePinned)}
      />
      <IconButton
        label={areUnread ? t("Mark selected as read") : t("Mark selected as unread")}
        icon={areUnread ? MailOpen : Mail}
        onClick={change("unread", !areUnread)}
      />
      <IconButton
        label={areArchived ? t("Unarchive selected") : t("Archive selected")}
        icon={areArchived ? ArchiveRestore : Archive}
        onClick={change("archived", !areArchived)}
      />
      <IconButton label={t("Delete selected")} icon={Trash2} onClick={change("removed", true)} />
      <IconButton label={t("Select none")} icon={X} onClick={onClear} />
    </div>
  );
}
