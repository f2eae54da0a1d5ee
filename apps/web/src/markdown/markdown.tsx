/** A message's markdown as elements, quick while it grows, and bounded whatever it says [SAFE-2]. */
import type { ComponentChildren } from "preact";
import { memo } from "preact/compat";
import { useRef } from "preact/hooks";
import { BlockElement } from "./block.tsx";
import { type Block, NO_BLOCKS, readBlocks, readGrowingBlocks } from "./blocks.ts";
import { DefinitionsContext } from "./definitions-context.ts";
import { GrowingContext } from "./growing-context.ts";
import { Plain } from "./plain.tsx";
import { ErrorBoundary } from "../design/error-boundary.tsx";
import { useIsNear } from "./use-is-near.ts";
import "./markdown.css";

export interface MarkdownProps {
  readonly text: string;
  /** More is coming: the end may be shown as it is written for a while, where reading it each time would cost too much. */
  readonly isGrowing?: boolean;
}

/** Renders `text`; a longer text that begins with the one before costs only its new end. */
export const Markdown = memo(function Markdown({ text, isGrowing = false }: MarkdownProps) {
  return (
    <ErrorBoundary fallback={<PlainMessage text={text} />}>
      <FormattedMarkdown text={text} isGrowing={isGrowing} />
    </ErrorBoundary>
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
      <GrowingContext.Provider value={isGrowing}>
        <div class={`markdown ${groups.length > LONG ? "long" : ""}`}>
          {groups.map((group, index) => (
            <BlockGroup
              key={index}
              blocks={group}
              isPutOff={groups.length > VERY_LONG && index < groups.length - AT_ONCE}
            />
          ))}
          {rest !== "" && <Plain text={rest} />}
        </div>
      </GrowingContext.Provider>
    </DefinitionsContext.Provider>
  );
}

const GROUP_SIZE = 16;
/** From so many groups on, those out of view are not laid out. */
const LONG = 12;
/** From so many on, only the last ones are formatted at once, and the others when they come near the view: a megabyte of paragraphs would hold the page up. */
const VERY_LONG = 60;
const AT_ONCE = 6;

interface BlockGroupProps {
  readonly blocks: readonly Block[];
  /** Shown as it was written until it comes near the view. */
  readonly isPutOff: boolean;
}

/** Some blocks together: comparing hundreds of them one by one for each token would be most of a token's cost. */
const BlockGroup = memo(
  function BlockGroup({ blocks, isPutOff }: BlockGroupProps): ComponentChildren {
    const element = useRef<HTMLDivElement>(null);
    const isNear = useIsNear(element, isPutOff);
    return (
      <div class="block-group" ref={element}>
        {isNear ? (
          blocks.map(({ nodes }, index) => <Nodes key={index} nodes={nodes} />)
        ) : (
          <Plain text={blocks.map(({ source }) => source).join("")} />
        )}
      </div>
    );
  },
  // What is formatted stays so; only its first showing is put off.
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
