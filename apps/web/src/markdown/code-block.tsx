/** A block of code with its language and a button that copies it. */
import Check from "lucide-react/icons/check";
import Copy from "lucide-react/icons/copy";
import { useCopy } from "../design/use-copy.ts";

/** Shows code as it is written; long lines scroll inside. */
export function CodeBlock({ code, language }: { readonly code: string; readonly language: string }) {
  const [hasCopied, copy] = useCopy();
  const name = language.split(/\s/, 1)[0] ?? "";
  return (
    <figure class="code-block">
      <figcaption>
        <span>{name || "Code"}</span>
        <button type="button" onClick={() => copy(code)} aria-label={hasCopied ? "Copied" : "Copy code"}>
          {hasCopied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
          <span aria-hidden="true">{hasCopied ? "Copied" : "Copy"}</span>
        </button>
      </figcaption>
      <pre tabIndex={0} dir="ltr" aria-label={name ? `Code in ${name}` : "Code"}>
        <code>{code}</code>
      </pre>
    </figure>
  );
}
