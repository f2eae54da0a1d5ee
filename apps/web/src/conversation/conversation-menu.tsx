/** What can be done with the open conversation: the items of its row, its instructions, and its text as a file. */
import Ellipsis from "lucide-react/icons/ellipsis";
import FileBraces from "lucide-react/icons/file-braces";
import FileText from "lucide-react/icons/file-text";
import Pencil from "lucide-react/icons/pencil";
import ScrollText from "lucide-react/icons/scroll-text";
import Trash2 from "lucide-react/icons/trash-2";
import { useMemo, useState } from "preact/hooks";
import { NEW_INSTRUCTIONS } from "../composer/drafts.ts";
import { useDraft, useDrafts } from "../composer/use-draft.ts";
import { quietLazyPart } from "../design/lazy-part.tsx";
import { Menu, type MenuItem } from "../design/menu.tsx";
import { useEnvironment } from "../environment.ts";
import type { ConversationItem } from "../sync/device.ts";
import { conversationExportAddress } from "../sync/export-address.ts";
import { archiveItem, pinItem } from "../sidebar/pin-and-archive.ts";
import type { RowActions } from "../sidebar/use-row-actions.ts";
import { draftInstructions, instructionCalls } from "../instructions/instruction-calls.ts";
import { t } from "../words/words.ts";
import { presetCalls } from "../instructions/preset-calls.ts";

const InstructionsDialog = quietLazyPart(
  async () => (await import("../instructions/instructions-dialog.tsx")).InstructionsDialog,
);

export interface ConversationMenuProps {
  /** Null for a new chat, which has nothing but instructions yet. */
  readonly item: Pick<ConversationItem, "id" | "pinned" | "archived"> | null;
  readonly accountId: string;
  readonly actions: Pick<RowActions, "setPinned" | "setArchived" | "remove">;
  readonly onRename: () => void;
}

type StoredMenuProps = ConversationMenuProps & { readonly item: NonNullable<ConversationMenuProps["item"]> };

/** The button in the header with its menu, and what it opens. */
export function ConversationMenu({ item, ...props }: ConversationMenuProps) {
  return item ? <StoredMenu item={item} {...props} /> : <NewChatMenu accountId={props.accountId} />;
}

/** What is set here waits on the device and goes with the first message. */
function NewChatMenu({ accountId }: Pick<ConversationMenuProps, "accountId">) {
  const drafts = useDrafts();
  const [instructions] = useDraft(NEW_INSTRUCTIONS);
  const [isOpen, setOpen] = useState(false);
  const calls = useMemo(() => draftInstructions(drafts), [drafts]);
  const presets = useMemo(() => presetCalls(accountId), [accountId]);
  const open = () => setOpen(true);
  return (
    <>
      {instructions !== "" && (
        <button type="button" class="button" onClick={open}>
          {t("With instructions")}
        </button>
      )}
      <Menu
        label={t("Chat options")}
        icon={Ellipsis}
        items={[{ label: t("Instructions"), icon: ScrollText, onSelect: open }]}
      />
      {isOpen && (
        <div class="dialog-place">
          <InstructionsDialog calls={calls} presets={presets} onClose={() => setOpen(false)} />
        </div>
      )}
    </>
  );
}

function StoredMenu({ item, accountId, actions, onRename }: StoredMenuProps) {
  const { id, pinned, archived } = item;
  const environment = useEnvironment();
  const [hasInstructions, setInstructions] = useState(false);
  const drafts = useDrafts();
  const calls = useMemo(() => instructionCalls(accountId, id, drafts), [accountId, id, drafts]);
  const presets = useMemo(() => presetCalls(accountId), [accountId]);
  const save = (format: "markdown" | "json") => environment.download(conversationExportAddress(accountId, id, format));
  const items: readonly MenuItem[] = [
    { label: t("Rename"), icon: Pencil, onSelect: onRename },
    { label: t("Instructions"), icon: ScrollText, onSelect: () => setInstructions(true) },
    pinItem(id, pinned, actions),
    archiveItem(id, archived, actions),
    { label: t("Export as Markdown"), icon: FileText, onSelect: () => save("markdown") },
    { label: t("Export as JSON"), icon: FileBraces, onSelect: () => save("json") },
    { label: t("Delete"), icon: Trash2, isDanger: true, onSelect: () => actions.remove(id) },
  ];
  return (
    <>
      <Menu label={t("Chat options")} icon={Ellipsis} items={items} />
      {hasInstructions && (
        <div class="dialog-place">
          <InstructionsDialog calls={calls} presets={presets} onClose={() => setInstructions(false)} />
        </div>
      )}
    </>
  );
}
