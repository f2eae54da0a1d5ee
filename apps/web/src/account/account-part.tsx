/** The small parts that the account's forms and lists are made of. */
import type { ComponentChildren, Ref } from "preact";
import { useId } from "preact/hooks";
import { focusOnce } from "../design/focus-once.ts";
import type { Failure } from "../sync/device.ts";
import { problemWords } from "./problem-words.ts";
import { useUnsaved } from "./unsaved.ts";

export interface AccountPartProps {
  readonly title: string;
  /** What it is for, in a sentence. */
  readonly hint?: string;
  /** For a focus that would be lost otherwise. */
  readonly headingRef?: Ref<HTMLHeadingElement>;
  readonly children: ComponentChildren;
}

/** One subject of the account, under its heading. */
export function AccountPart({ title, hint, headingRef = null, children }: AccountPartProps) {
  const id = useId();
  return (
    <section class="account-part" aria-labelledby={id}>
      <h3 id={id} ref={headingRef} tabIndex={-1}>
        {title}
      </h3>
      {hint !== undefined && <p class="account-hint">{hint}</p>}
      {children}
    </section>
  );
}

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  /** What of it is kept; nothing where it is not given. */
  readonly saved?: string;
  readonly onInput: (value: string) => void;
  readonly type?: "text" | "password";
  readonly autocomplete?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly autoFocus?: boolean;
}

/** A field with its label over it; what is in it is asked for. */
export function Field({ label, value, saved = "", onInput, type = "text", autoFocus = false, ...rest }: FieldProps) {
  useUnsaved(value.trim() !== saved.trim());
  const kind = type === "text" ? ({ type: "text" } as const) : ({ type: "password" } as const);
  return (
    <label class="account-field">
      {label}
      <input
        {...kind}
        value={value}
        required
        ref={autoFocus ? focusInView : null}
        autocomplete={rest.autocomplete ?? "off"}
        minLength={rest.minLength ?? 0}
        maxLength={rest.maxLength ?? 10_000}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </label>
  );
}

/** As `focusOnce`, with what stands around it in view. */
export function focusInView(element: HTMLElement | null): void {
  focusOnce(element);
  element?.scrollIntoView({ block: "center" });
}

/** Why something came to nothing; nothing where all is well. */
export function Problem({
  problem,
  words = null,
}: {
  readonly problem: Failure | null;
  readonly words?: string | null;
}) {
  if (problem === null) return null;
  return (
    <p class="account-problem" role="alert">
      {words ?? problemWords(problem)}
    </p>
  );
}

/** That something was done, for those too who don't see it happen. */
export function Done({ words }: { readonly words: string | null }) {
  return (
    <p class="account-done" role="status">
      {words}
    </p>
  );
}
