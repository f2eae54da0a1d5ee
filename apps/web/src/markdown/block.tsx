/** One top-level markdown block as elements; memoised, so that a finished block of a growing reply is never rendered again. */
import type { Token, Tokens } from "marked";
import type { ComponentChildren } from "preact";
import { memo } from "preact/compat";
import { CodeBlock } from "./code-block.tsx";
import { decodeEntities } from "./entities.ts";
import { renderInline } from "./inline.tsx";

/** Renders a block that the lexer gave. */
export const Block = memo(function Block({ token }: { readonly token: Token }): ComponentChildren {
  if (isKind<Tokens.Heading>(token, "heading")) return <Heading token={token} />;
  if (isKind<Tokens.Code>(token, "code")) return <CodeBlock code={token.text} language={token.lang ?? ""} />;
  if (isKind<Tokens.List>(token, "list")) return <List token={token} />;
  if (isKind<Tokens.Table>(token, "table")) return <Table token={token} />;
  switch (token.type) {
    case "paragraph":
      return <p>{renderInline(token.tokens)}</p>;
    case "blockquote":
      return <blockquote>{renderBlocks(token.tokens)}</blockquote>;
    case "hr":
      return <hr />;
    case "space":
    case "def":
    case "checkbox":
      return null;
    case "html":
      return <p class="raw-html">{token.raw.trim()}</p>;
    default:
      return "tokens" in token && token.tokens ? renderInline(token.tokens) : decodeEntities(token.raw);
  }
});

/** The elements of block tokens. */
function renderBlocks(tokens: readonly Token[] | undefined): ComponentChildren {
  return tokens?.map((token, index) => <Block key={index} token={token} />);
}

/** Headings of a reply stand below those of the page. */
function Heading({ token }: { readonly token: Tokens.Heading }) {
  const content = renderInline(token.tokens);
  if (token.depth <= 1) return <h3 class="heading-1">{content}</h3>;
  if (token.depth === 2) return <h4 class="heading-2">{content}</h4>;
  return <h5 class="heading-3">{content}</h5>;
}

function List({ token }: { readonly token: Tokens.List }) {
  const items = token.items.map((item, index) => (
    <li key={index} class={item.task ? "task" : undefined}>
      {item.task && <input type="checkbox" checked={item.checked === true} disabled aria-label={item.text} />}
      {renderBlocks(item.tokens)}
    </li>
  ));
  return token.ordered ? <ol start={token.start === "" ? 1 : token.start}>{items}</ol> : <ul>{items}</ul>;
}

function Table({ token }: { readonly token: Tokens.Table }) {
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label="Table">
      <table>
        <thead>
          <tr>
            {token.header.map((cell, index) => (
              <th key={index} scope="col" style={alignment(cell)}>
                {renderInline(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} style={alignment(cell)}>
                  {renderInline(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function alignment(cell: Tokens.TableCell): { readonly textAlign: string } | undefined {
  return cell.align ? { textAlign: cell.align } : undefined;
}

/** The lexer's union has an open member, so its discriminant alone doesn't narrow. */
function isKind<T extends Token>(token: Token, type: T["type"]): token is T {
  return token.type === type;
}
