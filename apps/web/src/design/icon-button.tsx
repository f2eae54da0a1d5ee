/** A button that is an icon, with its name for everyone who doesn't see it. */
import type { LucideIcon } from "lucide-react";
import type { Ref } from "preact";
import "./button.css";

export interface IconButtonProps {
  /** The button's name, also shown as its tooltip. */
  readonly label: string;
  readonly icon: LucideIcon;
  readonly onClick: (event: MouseEvent) => void;
  readonly class?: string | undefined;
  readonly isPressed?: boolean | undefined;
  readonly isDisabled?: boolean | undefined;
  readonly tabIndex?: number | undefined;
  readonly buttonRef?: Ref<HTMLButtonElement> | undefined;
}

export function IconButton({ label, icon: Icon, onClick, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      class={`icon-button ${rest.class ?? ""}`.trim()}
      aria-label={label}
      title={label}
      aria-pressed={rest.isPressed}
      tabIndex={rest.tabIndex}
      disabled={rest.isDisabled ?? false}
      ref={rest.buttonRef ?? null}
      onClick={onClick}
    >
      <Icon size={17} strokeWidth={1.85} aria-hidden="true" />
    </button>
  );
}
