/** Makes an icon's component of its drawing: what the library has for that takes ten properties that nothing here gives. */
import { type ComponentType, createElement, type SVGAttributes } from "preact";

interface Drawing {
  readonly name: string;
  readonly node: readonly (readonly [element: string, attributes: SVGAttributes])[];
}

interface IconProps extends SVGAttributes {
  readonly size?: number;
  readonly strokeWidth?: number;
}

/** The name that the icons ask for: see the page's build settings. */
export default function createLucideIcon({ name, node }: Drawing): ComponentType<IconProps> {
  return ({ size = 24, strokeWidth = 2, ...props }) => (
    <svg
      class={`lucide lucide-${name}`}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width={strokeWidth}
      stroke-linecap="round"
      stroke-linejoin="round"
      {...props}
    >
      {node.map(([element, attributes]) => createElement(element, attributes))}
    </svg>
  );
}
