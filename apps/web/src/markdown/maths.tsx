/** A formula, and until it is typeset, or where it can't be, its source as it was written. */
import { type ComponentChildren, createElement } from "preact";
import { memo } from "preact/compat";
import { useMemo, useRef } from "preact/hooks";
import type { MathsElement } from "../rich-text/maths-tree.ts";
import { useRichText } from "../rich-text/use-rich-text.ts";
import { useIsNear } from "./use-is-near.ts";

export interface MathsProps {
  readonly tex: string;
  readonly source: string;
  readonly isDisplay: boolean;
}

export const Maths = memo(function Maths({ tex, source, isDisplay }: MathsProps) {
  const element = useRef<HTMLSpanElement>(null);
  const isNear = useIsNear(element, true);
  const rich = useRichText(
    useMemo(() => (isNear ? { kind: "maths", source: tex, isDisplay } : null), [isNear, tex, isDisplay]),
  );
  const formula = rich instanceof Uint32Array ? null : rich;
  return (
    <span class={`maths${isDisplay ? " display" : ""}${formula ? "" : " source"}`} ref={element} dir="ltr">
      {formula ? elementOf(formula, 0) : source}
    </span>
  );
});

function elementOf({ name, attributes, style, children }: MathsElement, key: number): ComponentChildren {
  const content = children.map((child, index) => (typeof child === "string" ? child : elementOf(child, index)));
  const hasStyle = Object.keys(style).length > 0;
  return createElement(name, { ...attributes, ...(hasStyle && { style }), key }, content);
}
