/** One block of a message as elements. Each takes the direction of its own first letters: a reply may mix scripts. */
import type { ComponentChildren } from "preact";
import type { BlockNode, ListItem, TableCell } from "./block-tree.ts";
import { readBlocksWhenAsked } from "./blocks.ts";
import { CodeBlock } from "./code-block.tsx";
import { Inline } from "./inline.tsx";
import { Plain } from "./plain.tsx";

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
      return <CodeBlock code={node.code} language={node.language} />;
    case "quote":
      return <blockquote dir="auto">{elementsOf(node.children)}</blockquote>;
    case "list":
      return <List start={node.start} items={node.items} />;
    case "table":
      return <Table head={node.head} rows={node.rows} />;
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

function List({ start, items }: { readonly start: number | null; readonly items: readonly ListItem[] }) {
  const content = items.map(({ isDone, children }, index) => (
    <li key={index} dir="auto" class={isDone === null ? undefined : "task"}>
      {isDone !== null && <input type="checkbox" checked={isDone} disabled aria-label={labelOf(children)} />}
      {elementsOf(children)}
    </li>
  ));
  return start === null ? (
    <ul dir="auto">{content}</ul>
  ) : (
    <ol dir="auto" start={start}>
      {content}
    </ol>
  );
}

function labelOf([first]: readonly BlockNode[]): string {
  return first?.kind === "paragraph" ? first.text : "Task";
}

interface TableProps {
  readonly head: readonly TableCell[];
  readonly rows: readonly (readonly TableCell[])[];
}

function Table({ head, rows }: TableProps) {
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label="Table">
      <table dir="auto">
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
