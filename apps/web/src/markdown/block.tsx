/** One block of a message as elements. Each takes the direction of its own first letters: a reply may mix scripts. */
import type { ComponentChildren } from "preact";
import type { BlockNode, TableCell } from "./block-tree.ts";
import { readBlocksWhenAsked } from "./blocks.ts";
import { CodeBlock } from "./code-block.tsx";
import { directionOf } from "./direction.ts";
import { Footnote } from "./footnote.tsx";
import { Inline } from "./inline.tsx";
import { Maths } from "./maths.tsx";
import { Plain } from "./plain.tsx";
import { t } from "../words/words.ts";

/** Renders a block and what is inside it. */
export function BlockElement({ node }: { readonly node: BlockNode }): ComponentChildren {
  switch (node.kind) {
    case "paragraph":
      return node.isTight ? (
        <Inline text={node.text} />
      ) : (
        <p dir="auto">
          <Inline text={node.text} />
        </p>
      );
    case "heading":
      return <Heading depth={node.depth} text={node.text} />;
    case "code":
      return <CodeBlock {...node} />;
    case "quote":
      return <blockquote dir={directionOf(node)}>{elementsOf(node.children)}</blockquote>;
    case "list":
      return <List node={node} />;
    case "table":
      return <Table node={node} />;
    case "details":
      return (
        <details class="details" dir={directionOf(node)}>
          <summary>
            <Inline text={node.summary || t("Details")} />
          </summary>
          {elementsOf(node.children)}
        </details>
      );
    case "maths":
      return (
        <div class="maths-block">
          <Maths tex={node.tex} source={node.source} isDisplay />
        </div>
      );
    case "footnote":
      return <Footnote label={node.label} text={node.text} />;
    case "rule":
      return <hr />;
    case "plain":
    default:
      return <Plain text={node.text} {...(node.isCostly && { format: () => formatted(node.text) })} />;
  }
}

function elementsOf(nodes: readonly BlockNode[]): ComponentChildren {
  return nodes.map((node, index) => <BlockElement key={index} node={node} />);
}

/** Null where nothing of it could be read. */
function formatted(text: string): ComponentChildren {
  const nodes = readBlocksWhenAsked(text).blocks.flatMap((block) => block.nodes);
  return nodes.every((node) => node.kind === "plain") ? null : elementsOf(nodes);
}

/** Headings of a reply stand below those of the page. */
function Heading({ depth, text }: { readonly depth: number; readonly text: string }) {
  const content = <Inline text={text} />;
  if (depth <= 1) return headed("h3", content);
  return depth === 2 ? headed("h4", content) : headed("h5", content);
}

function headed(Tag: "h3" | "h4" | "h5", content: ComponentChildren) {
  return (
    <Tag class={`heading-${Number(Tag[1]) - 2}`} dir="auto">
      {content}
    </Tag>
  );
}

function List({ node }: { readonly node: BlockNode & { readonly kind: "list" } }) {
  const { start, items } = node;
  const content = items.map(({ isDone, children }, index) => (
    <li key={index} class={isDone === null ? undefined : "task"}>
      {isDone !== null && <input type="checkbox" checked={isDone} disabled aria-label={labelOf(children)} />}
      {elementsOf(children)}
    </li>
  ));
  return start === null ? (
    <ul dir={directionOf(node)}>{content}</ul>
  ) : (
    <ol dir={directionOf(node)} start={start}>
      {content}
    </ol>
  );
}

function labelOf([first]: readonly BlockNode[]): string {
  return first?.kind === "paragraph" ? first.text : t("Task");
}

function Table({ node }: { readonly node: BlockNode & { readonly kind: "table" } }) {
  const { head, rows } = node;
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label={t("Table")}>
      <table dir={directionOf(node)}>
        <thead>
          <tr>
            {head.map((cell, index) => (
              <th key={index} scope="col" dir="auto" style={alignment(cell)}>
                <Inline text={cell.text} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} dir="auto" style={alignment(cell)}>
                  <Inline text={cell.text} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function alignment({ align }: TableCell): { readonly textAlign: string } | undefined {
  return align ? { textAlign: align } : undefined;
}
