/** One line of a list of the account, with what can be done about it. */
import { useRef } from "preact/hooks";
import { useFocusHeir } from "../design/use-focus-heir.ts";

export interface AccountRowProps {
  readonly name: string;
  readonly note: string;
  /** Null where nothing can be done. */
  readonly action: { readonly verb: string; readonly run: () => void } | null;
  readonly isBusy: boolean;
  /** What gets the focus where the row goes with it. */
  readonly heir: () => HTMLElement | null;
}

export function AccountRow({ name, note, action, isBusy, heir }: AccountRowProps) {
  const element = useRef<HTMLLIElement>(null);
  useFocusHeir(element, heir);
  return (
    <li class="account-row" ref={element}>
      <span class="account-row-text">
        {name}
        <small>{note}</small>
      </span>
      {action && (
        <button
          type="button"
          class="button"
          aria-disabled={isBusy}
          aria-label={`${action.verb} ${name}`}
          onClick={action.run}
        >
          {action.verb}
        </button>
      )}
    </li>
  );
}
