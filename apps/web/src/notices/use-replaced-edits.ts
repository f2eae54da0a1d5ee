/** A message that was being edited is gone, ended by another edit: its text goes under what is written in the message box. */
import { useEffect } from "preact/hooks";
import { replacedEditKeys } from "../composer/edit-drafts.ts";
import { useDrafts } from "../composer/use-draft.ts";
import { useToasts } from "../toasts/toast-store.ts";
import type { ConversationView } from "../sync/device.ts";
import { t } from "../words/words.ts";

/** Follows the conversation as it is, not an earlier version of it. */
export function useReplacedEdits(view: ConversationView): void {
  const drafts = useDrafts();
  const toasts = useToasts();
  const { id, phase, messages, hasOlder } = view;
  useEffect(() => {
    for (const key of replacedEditKeys(drafts, { id, phase, messages, hasOlder })) {
      // Another tab of this browser may have put it there already.
      if (drafts.get(id).includes(drafts.get(key))) drafts.set(key, "");
      else drafts.move(key, id);
      toasts.show({
        id: `replaced-edit-${id}`,
        text: t("The message that you were editing was replaced. Your text is in the message box."),
        tone: "info",
      });
    }
  }, [drafts, toasts, id, phase, messages, hasOlder]);
}
