/** A menu that a button opens: arrows, Home, End, first letters, Escape and a click outside, as the ARIA pattern has them. */
import type { LucideIcon } from "lucide-react";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { useMatches } from "../environment.ts";
import { useBackCloses } from "../routing/use-back-closes.ts";
import { type MenuAnchor, MenuButton, type MenuButtonProps, type OpenMenu } from "./menu-button.tsx";
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
}

/** The menu itself. */
export function MenuPopup({ label, items, anchor, onClose }: MenuPopupProps) {
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const isSheet = useMatches(PHONE);
  useBackCloses(true, onClose);
  useLayoutEffect(() => {
    if (!list.current) return;
    if (!isSheet) placeBeside(list.current, anchor);
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
    const target = nextItem(itemsOf(list.current), event.key);
    if (target) {
      event.preventDefault();
      target.focus();
    }
  };
  return (
    <div class={isSheet ? "menu-layer sheet" : "menu-layer"}>
      <div class="menu-backdrop" onPointerDown={onClose} />
      <div class="menu" role="menu" aria-label={label} id={id} ref={list} onKeyDown={handleKey}>
        {items.map(({ label: name, icon: Icon, isDanger, onSelect }) => (
          <button
            key={name}
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
            {name}
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

/** Below the button and aligned with its right edge; above it where there is no room. */
function placeBeside(menu: HTMLElement, { button: anchor }: MenuAnchor): void {
  const gap = 4;
  const below = anchor.bottom + gap;
  const fitsBelow = below + menu.offsetHeight <= window.innerHeight - gap;
  const top = fitsBelow ? below : Math.max(gap, anchor.top - gap - menu.offsetHeight);
  const isMirrored = document.documentElement.dir === "rtl";
  const wanted = isMirrored ? anchor.left : anchor.right - menu.offsetWidth;
  const left = Math.min(Math.max(gap, wanted), window.innerWidth - menu.offsetWidth - gap);
  menu.style.top = `${top}px`;
  menu.style.left = `${Math.max(gap, left)}px`;
}
