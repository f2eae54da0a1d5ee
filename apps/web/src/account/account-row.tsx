/** One line of a list of the account, with what can be done about it. */
import { useRef } from "preact/hooks";
import { deliberate } from "../design/deliberate.ts";
import { useFocusHeir } from "../design/use-focus-heir.ts";
import { t } from "../words/words.ts";

interface RowAction {
  readonly verb: string;
  readonly run: () => void;
}

export interface AccountRowProps {
  readonly name: string;
  readonly note: string;
  /** Null where nothing can be done. */
  readonly action: RowAction | null;
  /** Stands before it. */
  readonly second?: RowAction;
  readonly isBusy: boolean;
  /** What gets the focus where the row goes with it. */
  readonly heir: () => HTMLElement | null;
}

export function AccountRow({ name, note, action, second, isBusy, heir }: AccountRowProps) {
  const element = useRef<HTMLLIElement>(null);
  useFocusHeir(element, heir);
  return (
    <li class="account-row" ref={element}>
      <span class="account-row-text">
        {name}
        <small>{note}</small>
      </span>
      <span class="account-actions">
        {[second, action].map(
          (one) =>
            one && (
              <button
                key={one.verb}
                type="button"
                class="button"
                aria-disabled={isBusy}
                aria-label={t("{verb} {name}", { verb: one.verb, name })}
                onClick={deliberate(one.run)}
              >
                {one.verb}
              </button>
            ),
        )}
      </span>
    </li>
  );
}
