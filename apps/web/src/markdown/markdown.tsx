/** A message's markdown as elements, quick while it grows, and bounded whatever it says [SAFE-2]. */
import type { ComponentChildren } from "preact";
import { memo } from "preact/compat";
import { useRef } from "preact/hooks";
import { BlockElement } from "./block.tsx";
import { type Block, NO_BLOCKS, readBlocks, readGrowingBlocks } from "./blocks.ts";
import { DefinitionsContext } from "./definitions-context.ts";
import { Plain } from "./plain.tsx";
import { ShowsAnyway } from "../design/shows-anyway.tsx";
import "./markdown.css";

export interface MarkdownProps {
  readonly text: string;
  /** More is coming: the end may be shown as it is written for a while, where reading it each time would cost too much. */
  readonly isGrowing?: boolean;
}

/** Renders `text`; a longer text that begins with the one before costs only its new end. */
export const Markdown = memo(function Markdown({ text, isGrowing = false }: MarkdownProps) {
  return (
    <ShowsAnyway fallback={<PlainMessage text={text} />}>
      <FormattedMarkdown text={text} isGrowing={isGrowing} />
    </ShowsAnyway>
  );
});

/** A text as it was written: what remains where formatting it broke. */
function PlainMessage({ text }: { readonly text: string }) {
  return (
    <div class="markdown">
      <Plain text={text} />
    </div>
  );
}

function FormattedMarkdown({ text, isGrowing }: Required<MarkdownProps>) {
  const read = useRef(NO_BLOCKS);
  read.current = isGrowing ? readGrowingBlocks(text, read.current) : readBlocks(text, read.current);
  const { blocks, definitions, rest } = read.current;
  const groups = groupsOf(blocks);
  // A text of nothing but definitions of addresses would be empty.
  if (rest === "" && blocks.every(({ nodes }) => nodes.length === 0)) return <PlainMessage text={text.trim()} />;
  return (
    <DefinitionsContext.Provider value={definitions}>
      <div class={`markdown ${groups.length > LONG ? "long" : ""}`}>
        {groups.map((group, index) => (
          <BlockGroup key={index} blocks={group} />
        ))}
        {rest !== "" && <Plain text={rest} />}
      </div>
    </DefinitionsContext.Provider>
  );
}

const GROUP_SIZE = 16;
/** From so many groups on, those out of view are not laid out. */
const LONG = 12;

/** Some blocks together: comparing hundreds of them one by one for each token would be most of a token's cost. */
const BlockGroup = memo(
  function BlockGroup({ blocks }: { readonly blocks: readonly Block[] }): ComponentChildren {
    return (
      <div class="block-group">
        {blocks.map(({ nodes }, index) => (
          <Nodes key={index} nodes={nodes} />
        ))}
      </div>
    );
  },
  (before, after) =>
    before.blocks.length === after.blocks.length &&
    before.blocks.every((block, index) => block === after.blocks[index]),
);

const Nodes = memo(function Nodes({ nodes }: Pick<Block, "nodes">): ComponentChildren {
  const elements = nodes.map((node, index) => <BlockElement key={index} node={node} />);
  if (nodes.length < 2) return elements;
  return elements.map((element, index) => (
    <div key={index} class="block-piece">
      {element}
    </div>
  ));
});

function groupsOf(blocks: readonly Block[]): readonly (readonly Block[])[] {
  const count = Math.ceil(blocks.length / GROUP_SIZE);
  return Array.from({ length: count }, (_, index) => blocks.slice(index * GROUP_SIZE, (index + 1) * GROUP_SIZE));
}
