/** A block of code: its language, a button that copies it, lines that wrap or scroll, folded where it is long. */
import Check from "lucide-react/icons/check";
import Copy from "lucide-react/icons/copy";
import WrapText from "lucide-react/icons/wrap-text";
import { useContext, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useCopy } from "../design/use-copy.ts";
import { FOLDED_OVER, lineCountOf, lineGroupsOf } from "./code-lines.ts";
import { GrowingContext } from "./growing-context.ts";
import { useUnfolded } from "./unfolded-context.ts";
import "./code-block.css";

export interface CodeBlockProps {
  readonly code: string;
  /** What stands behind the fence; its first word is the language. */
  readonly language: string;
  /** Nothing can be added to it any more. */
  readonly isClosed: boolean;
}

/** Shows code as it is written. While it grows all of it is shown, and stays so. */
export function CodeBlock({ code, language, isClosed }: CodeBlockProps) {
  const isGrowing = useContext(GrowingContext) && !isClosed;
  const lineCount = useMemo(() => lineCountOf(code), [code]);
  const groups = useMemo(() => lineGroupsOf(code), [code]);
  const isLong = lineCount > FOLDED_OVER;
  const [isUnfolded, setUnfolded] = useUnfolded(code.slice(0, groups[0]?.end), isGrowing && isLong);
  const [isWrapped, setWrapped] = useState(false);
  const name = language.split(/\s/, 1)[0] ?? "";
  return (
    <figure class={`code-block${isWrapped ? " wrapped" : ""}`}>
      <figcaption>
        <span class="code-language">{name || "Code"}</span>
        <button type="button" aria-pressed={isWrapped} onClick={() => setWrapped(!isWrapped)}>
          <WrapText size={14} aria-hidden="true" />
          <span>Wrap</span>
        </button>
        <CopyButton code={code} />
      </figcaption>
      <pre tabIndex={0} dir="ltr" aria-label={name ? `Code in ${name}` : "Code"}>
        <code>
          {groups.map((group, index) => (
            <Lines
              key={index}
              text={code.slice(group.start, group.end)}
              isHidden={index > 0 && isLong && !isUnfolded}
              onFound={() => setUnfolded(true)}
            />
          ))}
        </code>
      </pre>
      {isLong && (
        <button type="button" class="code-fold" aria-expanded={isUnfolded} onClick={() => setUnfolded(!isUnfolded)}>
          {isUnfolded ? "Show fewer lines" : `Show all ${lineCount.toLocaleString("en")} lines`}
        </button>
      )}
    </figure>
  );
}

function CopyButton({ code }: { readonly code: string }) {
  const [hasCopied, copy] = useCopy();
  return (
    <button type="button" onClick={() => copy(code)}>
      {hasCopied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
      <span>{hasCopied ? "Copied" : "Copy"}</span>
    </button>
  );
}

interface LinesProps {
  readonly text: string;
  readonly isHidden: boolean;
  /** The browser's own search has found something in what is hidden. */
  readonly onFound: () => void;
}

function Lines({ text, isHidden, onFound }: LinesProps) {
  const element = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const lines = element.current;
    lines?.addEventListener("beforematch", onFound);
    return () => lines?.removeEventListener("beforematch", onFound);
  });
  return (
    <span class="code-lines" ref={element} hidden={isHidden ? "until-found" : undefined}>
      {text}
    </span>
  );
}
