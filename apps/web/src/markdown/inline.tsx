/** Inline markdown as elements. Raw HTML is shown as the text that it is. */
import { type ComponentChildren, createElement } from "preact";
import { memo } from "preact/compat";
import { useContext } from "preact/hooks";
import type { Definitions } from "./grammar.ts";
import { type InlineNode, inlineTree } from "./inline-tree.ts";
import { FootnoteMark } from "./footnote-mark.tsx";
import { Maths } from "./maths.tsx";
import { Plain } from "./plain.tsx";
import { DefinitionsContext } from "./definitions-context.ts";
import { safeLink } from "./safe-link.ts";

const NONE: Definitions = {};

/** The elements of a paragraph's or a cell's text; read anew only where the text changes, or an address that it may name. */
export function Inline({ text }: { readonly text: string }) {
  const definitions = useContext(DefinitionsContext);
  return <ReadInline text={text} definitions={text.includes("[") ? definitions : NONE} />;
}

interface ReadInlineProps {
  readonly text: string;
  readonly definitions: Definitions;
}

const ReadInline = memo(function ReadInline({ text, definitions }: ReadInlineProps): ComponentChildren {
  const nodes = inlineTree(text, definitions);
  if (nodes) return elementsOf(nodes);
  return <Plain text={text} format={() => formatted(text, definitions)} />;
});

function formatted(text: string, definitions: Definitions): ComponentChildren {
  const nodes = inlineTree(text, definitions, true);
  return nodes && elementsOf(nodes);
}

function elementsOf(nodes: readonly InlineNode[]): ComponentChildren {
  return nodes.map((node, index) => (typeof node === "string" ? node : <Element key={index} node={node} />));
}

function Element({ node }: { readonly node: Exclude<InlineNode, string> }): ComponentChildren {
  switch (node.kind) {
    case "strong":
    case "em":
    case "del":
    case "sub":
    case "sup":
    case "kbd":
      return createElement(node.kind, null, elementsOf(node.children));
    case "maths":
      return <Maths tex={node.tex} source={node.source} isDisplay={node.isDisplay} />;
    case "footnote":
      return <FootnoteMark label={node.label} />;
    case "code":
      return (
        <code class="inline-code" dir="auto">
          {node.text}
        </code>
      );
    case "break":
      return <br />;
    case "link":
    default:
      return <Link href={node.href}>{elementsOf(node.children)}</Link>;
  }
}

function Link({ href, children }: { readonly href: string; readonly children: ComponentChildren }) {
  const address = safeLink(href);
  if (address === null) return <span>{children}</span>;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}
