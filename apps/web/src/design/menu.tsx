/** A menu that a button opens: arrows, Home, End, first letters, Escape and a click outside, as the ARIA pattern has them. */
import type { LucideIcon } from "lucide-react";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { useMatches } from "../environment.ts";
import { useBackCloses } from "../routing/use-back-closes.ts";
import { isWriting } from "./is-writing.ts";
import { type MenuAnchor, MenuButton, type MenuButtonProps, type OpenMenu } from "./menu-button.tsx";
import { usePressBeside } from "./use-press-beside.ts";
import "./menu.css";

export interface MenuItem {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly isDanger?: boolean;
  readonly onSelect: () => void;
}

export interface MenuProps extends Omit<MenuButtonProps, "children"> {
  readonly items: readonly MenuItem[];
}

/** The button with its menu. */
export function Menu({ items, ...button }: MenuProps) {
  return <MenuButton {...button}>{(menu) => <MenuPopup {...menu} items={items} />}</MenuButton>;
}

/** Where a menu comes from below, within reach of a thumb. */
const PHONE = "(max-width: 45rem) and (pointer: coarse)";

export interface MenuPopupProps extends OpenMenu {
  readonly items: readonly MenuItem[];
  /** What it is the menu of, where its button doesn't stand beside it to show that. */
  readonly subject?: string;
}

/** The menu itself. */
export function MenuPopup({ label, items, anchor, onClose, subject = "" }: MenuPopupProps) {
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const isSheet = useMatches(PHONE);
  const name = subject === "" ? label : `${label}, ${subject}`;
  const beside = usePressBeside(onClose);
  useBackCloses(true, onClose);
  useLayoutEffect(() => {
    if (!list.current) return;
    if (isWriting(anchor.focused)) return onClose(true);
    if (isSheet) list.current.removeAttribute("style");
    else placeBeside(list.current, anchor);
    itemsOf(list.current)[0]?.focus();
  }, [anchor, isSheet]);
  const handleKey = (event: KeyboardEvent) => {
    if (!list.current) return;
    event.stopPropagation();
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      onClose();
      return;
    }
    // Ctrl with a letter is the browser's.
    const target = event.ctrlKey || event.metaKey ? undefined : nextItem(itemsOf(list.current), event.key);
    if (target) {
      event.preventDefault();
      target.focus();
    }
  };
  return (
    // A finger that rested has opened it, and comes up over what lies here by now: its press takes the focus nowhere else.
    <div class={isSheet ? "menu-layer sheet" : "menu-layer"} onMouseDown={(event) => event.preventDefault()}>
      <div class="menu-backdrop" {...beside} onContextMenu={beside.onClick} />
      <div class="menu" role="menu" aria-label={name} id={id} ref={list} onKeyDown={handleKey}>
        {isSheet && subject !== "" && (
          <div class="menu-subject" dir="auto" aria-hidden="true">
            {subject}
          </div>
        )}
        {items.map(({ label: item, icon: Icon, isDanger, onSelect }) => (
          <button
            key={item}
            type="button"
            role="menuitem"
            tabIndex={-1}
            class={isDanger ? "menu-item danger" : "menu-item"}
            onPointerMove={(event) => event.currentTarget.focus()}
            onClick={() => {
              onClose();
              onSelect();
            }}
          >
            <Icon size={16} strokeWidth={1.85} aria-hidden="true" />
            {item}
          </button>
        ))}
      </div>
    </div>
  );
}

function itemsOf(list: HTMLElement): readonly HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>('[role="menuitem"]')];
}

/** Where a key leads from the item that has the focus. */
function nextItem(items: readonly HTMLElement[], key: string): HTMLElement | undefined {
  const current = items.findIndex((item) => item === document.activeElement);
  if (key === "ArrowDown") return items[(current + 1) % items.length];
  if (key === "ArrowUp") return items[(current - 1 + items.length) % items.length];
  if (key === "Home") return items[0];
  if (key === "End") return items.at(-1);
  if (key.length !== 1) return undefined;
  const rotated = [...items.slice(current + 1), ...items.slice(0, current + 1)];
  return rotated.find((item) => item.textContent?.trim().toLowerCase().startsWith(key.toLowerCase()));
}

/** Below the button, above it where there is no room; aligned with its end, or with its start where it would leave its part of the page. */
function placeBeside(menu: HTMLElement, { button, pane }: MenuAnchor): void {
  const gap = 4;
  const below = button.bottom + gap;
  const fitsBelow = below + menu.offsetHeight <= window.innerHeight - gap;
  const top = fitsBelow ? below : Math.max(gap, button.top - gap - menu.offsetHeight);
  const width = menu.offsetWidth;
  const isMirrored = document.documentElement.dir === "rtl";
  const isLeftmost = isMirrored ? button.left + width <= pane.right : button.right - width < pane.left;
  const wanted = isLeftmost ? button.left : button.right - width;
  const left = Math.min(Math.max(gap, wanted), window.innerWidth - width - gap);
  menu.style.top = `${top}px`;
  menu.style.left = `${Math.max(gap, left)}px`;
}
