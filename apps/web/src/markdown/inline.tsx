/** Inline markdown as elements: emphasis, code, links. Raw HTML is shown as the text that it is. */
import type { Token, Tokens } from "marked";
import type { ComponentChildren } from "preact";
import { decodeEntities } from "./entities.ts";
import { safeLink } from "./safe-link.ts";

/** The elements of inline tokens. */
export function renderInline(tokens: readonly Token[] | undefined): ComponentChildren {
  return tokens?.map((token, index) => <Inline key={index} token={token} />);
}

function Inline({ token }: { readonly token: Token }): ComponentChildren {
  switch (token.type) {
    case "strong":
      return <strong>{renderInline(token.tokens)}</strong>;
    case "em":
      return <em>{renderInline(token.tokens)}</em>;
    case "del":
      return <del>{renderInline(token.tokens)}</del>;
    case "codespan":
      return <code class="inline-code">{textOf(token)}</code>;
    case "br":
      return <br />;
    case "link":
      return <Link href={String(token["href"])}>{renderInline(token.tokens)}</Link>;
    case "image":
      return <ImageLink token={token} />;
    case "checkbox":
      return null;
    case "html":
    case "escape":
      return textOf(token);
    default:
      return "tokens" in token && token.tokens ? renderInline(token.tokens) : decodeEntities(textOf(token));
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

/** An image is offered as a link: loading it unasked would tell a stranger's server who reads. */
function ImageLink({ token }: { readonly token: Token | Tokens.Image }) {
  const label = textOf(token) || "Image";
  return <Link href={"href" in token ? String(token.href) : ""}>{label}</Link>;
}

function textOf(token: Token): string {
  return "text" in token && typeof token.text === "string" ? token.text : token.raw;
}
