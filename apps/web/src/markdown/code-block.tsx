/** A block of code: its language, a button that copies it, lines that wrap or scroll, folded where it is long. */
import Check from "lucide-react/icons/check";
import Copy from "lucide-react/icons/copy";
import WrapText from "lucide-react/icons/wrap-text";
import X from "lucide-react/icons/x";
import type { ComponentChildren } from "preact";
import { memo } from "preact/compat";
import { useContext, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { copyWords, useCopy } from "../design/use-copy.ts";
import { type CodeTokens, piecesBetween } from "../rich-text/code-tokens.ts";
import { useRichText } from "../rich-text/use-rich-text.ts";
import { FOLDED_OVER, lineCountOf, lineGroupsOf } from "./code-lines.ts";
import { GrowingContext } from "./growing-context.ts";
import { useIsNear } from "./use-is-near.ts";
import { useUnfolded } from "./unfolded-context.ts";
import { t } from "../words/words.ts";
import "./code-block.css";

export interface CodeBlockProps {
  readonly code: string;
  /** What stands behind the fence; its first word is the language. */
  readonly language: string;
  /** Nothing can be added to it any more. */
  readonly isClosed: boolean;
}

/** Shows code as it is written. A long block is folded while it grows too, so that its end moves nothing that is read. */
export function CodeBlock({ code, language, isClosed }: CodeBlockProps) {
  const isGrowing = useContext(GrowingContext) && !isClosed;
  const lineCount = useMemo(() => lineCountOf(code), [code]);
  const groups = useMemo(() => lineGroupsOf(code), [code]);
  const isLong = lineCount > FOLDED_OVER;
  const [isUnfolded, setUnfolded] = useUnfolded(code.slice(0, groups[0]?.end));
  const [isWrapped, setWrapped] = useState(false);
  const name = language.split(/[\s,{]/, 1)[0] ?? "";
  const figure = useRef<HTMLElement>(null);
  const isWanted = useIsNear(figure, true) && !isGrowing && name !== "";
  const rich = useRichText(
    useMemo(() => (isWanted ? { kind: "code", source: code, language: name } : null), [isWanted, code, name]),
  );
  const tokens = rich instanceof Uint32Array ? rich : null;
  return (
    <figure class={`code-block${isWrapped ? " wrapped" : ""}`} ref={figure}>
      <figcaption>
        <span class="code-language">{name || t("Code")}</span>
        <button type="button" aria-pressed={isWrapped} onClick={() => setWrapped(!isWrapped)}>
          <WrapText size={14} aria-hidden="true" />
          <span>{t("Wrap")}</span>
        </button>
        <CopyButton code={code} />
      </figcaption>
      <pre tabIndex={0} dir="ltr" aria-label={name ? t("Code in {language}", { language: name }) : t("Code")}>
        <code>
          {groups.map((group, index) => (
            <Lines
              key={index}
              code={code.slice(group.start, group.end)}
              start={group.start}
              tokens={tokens}
              isHidden={index > 0 && isLong && !isUnfolded}
              onFound={() => setUnfolded(true)}
            />
          ))}
        </code>
      </pre>
      {isLong && (
        <button type="button" class="code-fold" aria-expanded={isUnfolded} onClick={() => setUnfolded(!isUnfolded)}>
          {isUnfolded ? t("Show fewer lines") : t("Show all {count} lines", { count: lineCount })}
        </button>
      )}
    </figure>
  );
}

function CopyButton({ code }: { readonly code: string }) {
  const [isCopied, copy] = useCopy();
  const Icon = isCopied === null ? Copy : isCopied ? Check : X;
  return (
    <button type="button" onClick={() => copy(code)}>
      <Icon size={14} aria-hidden="true" />
      <span>{copyWords(isCopied) ?? t("Copy")}</span>
    </button>
  );
}

interface LinesProps {
  readonly code: string;
  /** Where in the whole they begin. */
  readonly start: number;
  readonly tokens: CodeTokens | null;
  readonly isHidden: boolean;
  /** The browser's own search has found something in what is hidden. */
  readonly onFound: () => void;
}

/** Some lines, coloured once they come near the view. */
function Lines({ code, start, tokens, isHidden, onFound }: LinesProps) {
  const element = useRef<HTMLSpanElement>(null);
  const isNear = useIsNear(element, start > 0);
  useEffect(() => {
    const lines = element.current;
    lines?.addEventListener("beforematch", onFound);
    return () => lines?.removeEventListener("beforematch", onFound);
  });
  return (
    <span class="code-lines" ref={element} hidden={isHidden ? "until-found" : undefined}>
      {tokens && isNear ? <Coloured code={code} start={start} tokens={tokens} /> : code}
    </span>
  );
}

const Coloured = memo(function Coloured({ code, start, tokens }: Pick<LinesProps, "code" | "start"> & Coloured) {
  return piecesBetween(tokens, start, start + code.length).map((piece, index): ComponentChildren => {
    const text = code.slice(piece.start - start, piece.end - start);
    return piece.kind === "plain" ? (
      text
    ) : (
      <span key={index} class={`code-${piece.kind}`}>
        {text}
      </span>
    );
  });
});

interface Coloured {
  readonly tokens: CodeTokens;
}
