/** One's own message: as it was written, with its addresses as links and its code as code, folded where it is long. */
import type { ComponentChildren } from "preact";
import { memo } from "preact/compat";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { linkBareAddresses } from "../markdown/bare-links.ts";
import { CodeBlock } from "../markdown/code-block.tsx";
import { safeLink } from "../markdown/safe-link.ts";
import { foldAt, userTextPieces } from "./user-text-pieces.ts";
import { t } from "../words/words.ts";
import "./user-text.css";

export const UserText = memo(function UserText({ text }: { readonly text: string }) {
  const pieces = useMemo(() => userTextPieces(text), [text]);
  return (
    <>
      {pieces.map((piece, index) =>
        piece.kind === "code" ? (
          <CodeBlock key={index} code={piece.code} language={piece.language} isClosed />
        ) : (
          <Words key={index} text={piece.text} />
        ),
      )}
    </>
  );
});

function Words({ text }: { readonly text: string }) {
  const cut = useMemo(() => foldAt(text), [text]);
  const [isUnfolded, setUnfolded] = useState(false);
  const rest = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const unfold = () => setUnfolded(true);
    const hidden = rest.current;
    hidden?.addEventListener("beforematch", unfold);
    return () => hidden?.removeEventListener("beforematch", unfold);
  }, []);
  if (cut === text.length) return <div dir="auto">{linked(text)}</div>;
  return (
    <div dir="auto">
      {linked(text.slice(0, cut))}
      <span class="user-text-rest" ref={rest} hidden={isUnfolded ? undefined : "until-found"}>
        {linked(text.slice(cut))}
      </span>
      <button
        type="button"
        class="button plain user-text-fold"
        aria-expanded={isUnfolded}
        onClick={() => setUnfolded(!isUnfolded)}
      >
        {isUnfolded ? t("Show less") : t("Show all")}
      </button>
    </div>
  );
}

/** In what is longer, addresses stay text: a thousand links would take the page too long [SAFE-2]. */
const MAX_LINKED = 20_000;
const CODE = /`([^`\n]{1,500})`/g;

function linked(text: string): ComponentChildren {
  if (text.length > MAX_LINKED) return text;
  const content: ComponentChildren[] = [];
  let end = 0;
  for (const { index, 0: whole, 1: code } of text.matchAll(CODE)) {
    content.push(...links(text.slice(end, index)), <code class="inline-code">{code}</code>);
    end = index + whole.length;
  }
  content.push(...links(text.slice(end)));
  return content;
}

function links(text: string): readonly ComponentChildren[] {
  return linkBareAddresses(text).map((node) => {
    if (typeof node === "string") return node;
    const [words] = node.children;
    const address = safeLink(node.href);
    return address === null ? (
      words
    ) : (
      <a href={address} target="_blank" rel="noopener noreferrer nofollow">
        {words}
      </a>
    );
  });
}
