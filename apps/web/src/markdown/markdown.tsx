/** A message's markdown as elements, quick while it grows. */
import type { Token } from "marked";
import { memo } from "preact/compat";
import { useRef } from "preact/hooks";
import { Block } from "./block.tsx";
import { NO_BLOCKS, readBlocks } from "./blocks.ts";
import "./markdown.css";

/** Renders `text`; a longer text that begins with the one before costs only its new end. */
export const Markdown = memo(function Markdown({ text }: { readonly text: string }) {
  const blocks = useRef(NO_BLOCKS);
  blocks.current = readBlocks(text, blocks.current);
  return (
    <div class="markdown">
      {groupsOf(blocks.current.tokens).map((tokens, index) => (
        <BlockGroup key={index} tokens={tokens} />
      ))}
    </div>
  );
});

const GROUP_SIZE = 16;

/** Some blocks together: comparing hundreds of them one by one for each token would be most of a token's cost. */
const BlockGroup = memo(
  function BlockGroup({ tokens }: { readonly tokens: readonly Token[] }) {
    return (
      <>
        {tokens.map((token, index) => (
          <Block key={index} token={token} />
        ))}
      </>
    );
  },
  (before, after) =>
    before.tokens.length === after.tokens.length &&
    before.tokens.every((token, index) => token === after.tokens[index]),
);

function groupsOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const count = Math.ceil(tokens.length / GROUP_SIZE);
  return Array.from({ length: count }, (_, index) => tokens.slice(index * GROUP_SIZE, (index + 1) * GROUP_SIZE));
}
