/** A button that opens a menu; what the menu holds may be loaded when it is first opened. */
import type { LucideIcon } from "lucide-react";
import { createPortal } from "preact/compat";
import type { ComponentChildren } from "preact";
import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";
import { IconButton } from "./icon-button.tsx";

/** An open menu: where it belongs, and how it is closed. */
export interface OpenMenu {
  /** The button's name, which names the menu too. */
  readonly label: string;
  readonly anchor: MenuAnchor;
  /** `isLeft`: the focus is elsewhere, and stays there. */
  readonly onClose: (isLeft?: boolean) => void;
}

/** The button's place, that of the part of the page that it stands in, and what had the focus when it was pressed. */
export interface MenuAnchor {
  readonly button: DOMRect;
  readonly pane: DOMRect;
  readonly focused: Element | null;
}

export interface MenuButtonProps extends Pick<OpenMenu, "label"> {
  readonly icon: LucideIcon;
  /** Of the button; -1 where keys lead to it in another way. */
  readonly tabIndex?: number;
  /** The menu, while it is open. */
  readonly children: (menu: OpenMenu) => ComponentChildren;
}

/** The button with its menu. */
export function MenuButton({ label, icon, tabIndex, children }: MenuButtonProps) {
  const [anchor, setAnchor] = useState<MenuAnchor | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = useCallback((isLeft = false) => {
    setAnchor(null);
    if (!isLeft) button.current?.focus();
  }, []);
  useLayoutEffect(() => {
    button.current?.setAttribute("aria-haspopup", "menu");
    button.current?.setAttribute("aria-expanded", String(anchor !== null));
  }, [anchor]);
  return (
    <>
      <IconButton
        label={label}
        icon={icon}
        class="menu-button"
        buttonRef={button}
        tabIndex={tabIndex}
        onClick={(event) => {
          event.stopPropagation();
          setAnchor(button.current && anchorAt(button.current));
        }}
      />
      {anchor && createPortal(children({ label, anchor, onClose: close }), document.body)}
    </>
  );
}

function anchorAt(button: HTMLElement): MenuAnchor {
  const pane = button.closest("main") ?? button.closest("nav") ?? document.body;
  return {
    button: button.getBoundingClientRect(),
    pane: pane.getBoundingClientRect(),
    focused: document.activeElement,
  };
}
