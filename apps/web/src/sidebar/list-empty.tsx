/** What stands in a list's place: words for "nothing", and grey bars where one doesn't know yet. */
import type { ComponentChildren } from "preact";

export function Nothing({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <div class="list-empty">
      <strong>{title}</strong>
      <span>{children}</span>
    </div>
  );
}

const SKELETON_WIDTHS = ["72%", "54%", "80%", "46%", "66%"];

export function ListSkeleton() {
  return (
    <div class="list-skeleton" aria-hidden="true">
      {SKELETON_WIDTHS.map((width) => (
        <span key={width} style={{ width }} />
      ))}
    </div>
  );
}
