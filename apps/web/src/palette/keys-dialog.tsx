/** The list of all keys. */
import { Dialog } from "../design/dialog.tsx";
import { useEnvironment } from "../environment.ts";
import { keyCaps, KEYS } from "../keyboard/keys.ts";
import { type English, t } from "../words/words.ts";
import "./palette.css";

const GROUPS: readonly (readonly [English, readonly (readonly [English, string])[]])[] = [
  [
    "Everywhere",
    [
      ["Chats, messages and commands", KEYS.palette],
      ["New chat", KEYS.newChat],
      ["Search", KEYS.search],
      ["Next unread chat", KEYS.nextUnread],
      ["Previous unread chat", KEYS.previousUnread],
      ["Show or hide the sidebar", KEYS.sidebar],
      ["Stop the reply", KEYS.stop],
      ["Undo what a notification tells of", KEYS.undo],
      ["Go to the notifications", KEYS.toasts],
      ["These keys", KEYS.keys],
    ],
  ],
  [
    "In the list of chats",
    [
      ["Up and down, to both ends", "↑ ↓ Home End"],
      ["Rename", "F2"],
      ["Delete", "Del"],
      ["Menu", "Shift F10"],
      ["Select", "Space"],
      ["Select on", "Shift ↓"],
      ["Select with the pointer", "Mod Click"],
    ],
  ],
];

export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={t("Keyboard shortcuts")} onClose={onClose}>
      {GROUPS.map(([title, keys]) => (
        <section key={title} class="keys-group">
          <h3>{t(title)}</h3>
          <dl>
            {keys.map(([label, shortcut]) => (
              <div key={label}>
                <dt>{t(label)}</dt>
                <dd>
                  <KeyCaps keys={shortcut} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}

export function KeyCaps({ keys }: { readonly keys: string }) {
  const environment = useEnvironment();
  return (
    <span class="key-caps">
      {keyCaps(keys, environment.isMac()).map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}
