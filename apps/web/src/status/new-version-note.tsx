/** The line over the message box that says that another build of the page is there. */
import { useState } from "preact/hooks";
import { useNewVersion } from "../app-worker/use-new-version.ts";
import { t } from "../words/words.ts";
import "./offline-note.css";

export function NewVersionNote() {
  const { isThere, reload } = useNewVersion();
  const [isReloading, setIsReloading] = useState(false);
  return (
    <div role="status">
      {isThere && (
        <div class="offline-note news">
          <span>{t("A new version is there")}</span>
          <button
            type="button"
            disabled={isReloading}
            onClick={() => {
              setIsReloading(true);
              // Asked whether to leave, the person may have stayed.
              void reload().finally(() => setIsReloading(false));
            }}
          >
            {t("Reload")}
          </button>
        </div>
      )}
    </div>
  );
}
