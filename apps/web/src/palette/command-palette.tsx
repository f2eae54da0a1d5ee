/** One field for everything: chats by their title, messages by their words, and what can be done on the page. */
import { MAX_QUERY_LENGTH } from "@instep/protocol";
import { isComposing } from "../keyboard/is-composing.ts";
import type { LucideIcon } from "lucide-react";
import ChevronRight from "lucide-react/icons/chevron-right";
import MessageSquare from "lucide-react/icons/message-square";
import SearchIcon from "lucide-react/icons/search";
import TextSearch from "lucide-react/icons/text-search";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { closeModals } from "../design/close-modals.ts";
import { useModal } from "../design/use-modal.ts";
import { usePressBeside } from "../design/use-press-beside.ts";
import { failureWords } from "../errors/failure-texts.ts";
import { useSettings } from "../settings/settings-store.ts";
import { useLanguageChoice } from "../settings/use-language-choice.ts";
import { useDevice } from "../sync/device-context.ts";
import { useUpdates } from "../sync/use-current-results.ts";
import { type Search, useSearch } from "../search/use-search.ts";
import { useToasts } from "../toasts/toast-store.ts";
import { KeyCaps } from "./keys-dialog.tsx";
import { type PageCommand, pageCommands, type PageControls } from "./page-commands.ts";
import { rankTitles } from "./rank-titles.ts";
import { t } from "../words/words.ts";
import "./palette.css";

export interface CommandPaletteProps {
  readonly page: PageControls;
  readonly onClose: () => void;
}

interface Option extends PageCommand {
  readonly key: string;
  readonly icon: LucideIcon;
  /** The words around what was found. */
  readonly detail?: string;
}

interface Group {
  readonly name: string;
  readonly options: readonly Option[];
}

const MAX_CHATS = 7;
const MAX_COMMANDS = 6;
const MAX_MESSAGES = 8;

/** Modal; what is chosen is done once it is closed and has given the focus back. */
export function CommandPalette({ page, onClose }: CommandPaletteProps) {
  const [query, setQuery] = useState("");
  const { groups, search } = useGroups(query, page);
  const options = groups.flatMap((group) => group.options);
  const [chosen, setChosen] = useState<string | null>(null);
  const at = Math.max(
    0,
    options.findIndex(({ key }) => key === chosen),
  );
  const current = options[at];
  const note = noteOf(search, options.length === 0);
  const choose = (option: Option | undefined) => {
    if (!option) return;
    onClose();
    closeModals();
    option.run();
  };
  const handleKey = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (isComposing(event) || (step === 0 && event.key !== "Enter")) return;
    event.preventDefault();
    if (step === 0) choose(current);
    else setChosen(options[(at + step + options.length) % options.length]?.key ?? null);
  };
  return (
    <PaletteFrame onClose={onClose}>
      <label class="palette-field">
        <SearchIcon size={17} aria-hidden="true" />
        <input
          type="text"
          role="combobox"
          aria-label={t("Search chats, messages and commands")}
          aria-expanded="true"
          aria-controls="palette-list"
          aria-autocomplete="list"
          aria-activedescendant={current && optionId(current)}
          placeholder={t("Search chats, messages and commands")}
          autocomplete="off"
          spellcheck={false}
          maxLength={MAX_QUERY_LENGTH}
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setChosen(null);
          }}
          onKeyDown={handleKey}
        />
      </label>
      <OptionList groups={groups} current={current} onChoose={choose} onPoint={({ key }) => setChosen(key)} />
      {note !== null && (
        <p class="palette-nothing" role="status">
          {note}
        </p>
      )}
    </PaletteFrame>
  );
}

/** Why there is less than one may expect; null where nothing is to be said, or known yet. */
function noteOf({ phase, problem }: Search, isEmpty: boolean): string | null {
  if (phase === "failed" && problem) return failureWords(problem.failed);
  return phase === "ready" && isEmpty ? t("Nothing found") : null;
}

interface OptionListProps {
  readonly groups: readonly Group[];
  readonly current: Option | undefined;
  readonly onChoose: (option: Option) => void;
  readonly onPoint: (option: Option) => void;
}

function OptionList({ groups, current, onChoose, onPoint }: OptionListProps) {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [current?.key]);
  return (
    <div class="palette-list" id="palette-list" role="listbox" aria-label={t("Results")} ref={list}>
      {groups.map(({ name, options }) => (
        <div key={name} role="group" aria-label={name}>
          <div class="palette-group-name" aria-hidden="true">
            {name}
          </div>
          {options.map((option) => (
            <div
              key={option.key}
              id={optionId(option)}
              class="palette-option"
              role="option"
              aria-selected={option.key === current?.key}
              onPointerMove={() => onPoint(option)}
              onClick={() => onChoose(option)}
            >
              <option.icon size={16} strokeWidth={1.85} aria-hidden="true" />
              <span class="palette-words" dir="auto">
                <span class="palette-label">{option.label}</span>
                {option.detail && <span class="palette-detail">{option.detail}</span>}
              </span>
              {option.keys && <KeyCaps keys={option.keys} />}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

function optionId({ key }: Option): string {
  return `palette-${key.replaceAll(/[^\w-]/g, "_")}`;
}

interface PaletteFrameProps {
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

function PaletteFrame({ onClose, children }: PaletteFrameProps) {
  const element = useModal(onClose, "input");
  const beside = usePressBeside(onClose);
  return (
    <dialog
      ref={element}
      class="modal palette"
      role="dialog"
      aria-label={t("Command palette")}
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || isComposing(event)) return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
      {...beside}
    >
      {children}
    </dialog>
  );
}

function useGroups(query: string, page: PageControls): { readonly groups: readonly Group[]; readonly search: Search } {
  const device = useDevice();
  const toasts = useToasts();
  const [{ theme, language }, change] = useSettings();
  const setLanguage = useLanguageChoice();
  const search = useSearch(query);
  const { conversations } = device;
  // In the order of when it was opened, so that no option moves from under a press.
  const ids = useMemo(() => [...conversations.list(), ...conversations.archivedList()], [conversations]);
  const updates = useUpdates();
  const titles = useMemo(() => {
    const items = ids.flatMap((id) => conversations.get(id) ?? []);
    return items.map(({ id, title }) => ({ id, title: title || t("New chat") }));
  }, [conversations, ids, updates]);
  const isBlank = query.trim() === "";
  const chats = useMemo(
    () => rankTitles(titles, query, { textOf: ({ title }) => title, limit: MAX_CHATS }),
    [titles, query],
  );
  const setTheme = (next: typeof theme) => change({ theme: next });
  const commands = pageCommands({ page, device, toasts, theme, setTheme, language, setLanguage });
  const fitting = rankTitles(commands, query, {
    textOf: ({ label, also = "" }) => `${label} ${also}`,
    limit: isBlank ? commands.length : MAX_COMMANDS,
  });
  // Those of other words would be opened by an Enter that is meant for these.
  const found = search.phase === "ready" ? search.results : [];
  const messages = found.filter((result) => result.message_id !== null).slice(0, MAX_MESSAGES);
  const groups: readonly Group[] = [
    {
      name: isBlank ? t("Recent chats") : t("Chats"),
      options: chats.map(({ id, title }) => ({
        key: `chat-${id}`,
        icon: MessageSquare,
        label: title,
        run: () => page.actions.open(id),
      })),
    },
    {
      name: t("Commands"),
      options: fitting.map((command) => ({ ...command, key: `do-${command.label}`, icon: ChevronRight })),
    },
    {
      name: t("Messages"),
      options: messages.map((result, index) => ({
        key: `message-${result.message_id}-${index}`,
        icon: TextSearch,
        label: result.snippet,
        detail: result.title || t("New chat"),
        run: () => page.actions.open(result.conversation_id, result.seq),
      })),
    },
  ];
  return { groups: groups.filter(({ options }) => options.length > 0), search };
}
