/** The open conversation was deleted elsewhere: one toast with a way back, the view cleared, the draft carried to a new chat, and back [DEV-10]. */
import { useEffect } from "preact/hooks";
import { editKeys } from "../composer/edit-drafts.ts";
import { NEW_CHAT } from "../composer/drafts.ts";
import { useDrafts } from "../composer/use-draft.ts";
import { openOnceDone } from "../routing/open-once-done.ts";
import { useNavigation } from "../routing/use-route.ts";
import { tellRestoreFailure } from "../toasts/tell-failure.ts";
import { useToasts } from "../toasts/toast-store.ts";
import { isFailure } from "../sync/device.ts";
import { useDevice, useDeviceEvents } from "../sync/device-context.ts";
import { deletionToast, tellDeleted } from "./tell-deleted.ts";
import { t } from "../words/words.ts";

export function useCurrentDeleted(): void {
  const { actions } = useDevice();
  const events = useDeviceEvents();
  const drafts = useDrafts();
  const toasts = useToasts();
  const { navigate } = useNavigation();
  useEffect(
    () =>
      events.onCurrentDeleted((id, title) => {
        const draftsBack = [id, ...editKeys(drafts, id)].map((key) => drafts.move(key, NEW_CHAT));
        const restore = async () => {
          const result = actions.restore(id);
          void tellRestoreFailure(toasts, deletionToast(id), result);
          const restored = result.then((outcome) => {
            // The last one stands at the end.
            if (!isFailure(outcome)) for (const takeBack of draftsBack.toReversed()) takeBack();
            return outcome;
          });
          await openOnceDone(restored, id, navigate);
        };
        navigate("/", { replace: true, keepsFocus: isWritingElsewhere() });
        tellDeleted(toasts, id, { title, action: { label: t("Restore"), run: () => void restore() } });
      }),
    [actions, events, drafts, toasts, navigate],
  );
}

/** Not in the conversation itself, whose text is carried into the box. */
function isWritingElsewhere(): boolean {
  const { activeElement } = document;
  return activeElement?.matches("input,textarea") === true && !activeElement.closest("main");
}
