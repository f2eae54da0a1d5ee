/** The focus of what goes is left to what stands beside it: whoever works by keyboard never starts again at the top of the page. */

/** An element on the way from what has the focus up to the page, and what stood on either side of it. */
interface Step {
  readonly element: Element;
  readonly before: Element | null;
  readonly after: Element | null;
}

const FOCUSABLE = ["a[href]", "button", "input", "select", "textarea", "summary", "[tabindex='0']"]
  .map((kind) => `${kind}:not(:disabled)`)
  .join(",");
const TEXT_FIELD = "textarea,input:not([type='checkbox'],[type='radio'])";
/** What is read by moving through it. */
const READ = "[tabindex='0']";
const GROUP = "[role='group'][aria-label]";

/**
 * Watches over a page's focus. What a component does with it by itself comes first. `isTouch`: a text field that took it over would
 * bring a keyboard up. The returned function ends the watch.
 */
export function keepFocus(page: Document, isTouch: () => boolean): () => void {
  let way: readonly Step[] = [];
  const follow = (changes: readonly MutationRecord[] = []): void => {
    const focused = page.activeElement;
    if (focused !== null && focused !== page.body) {
      way = wayFrom(focused);
      return;
    }
    const lost = way[0]?.element;
    // A button that can't be pressed for a moment gets it back.
    if (!lost || (lost.matches(":disabled") && lost.isConnected)) return;
    // What somebody goes on typing must press nothing.
    const wasWriting = !lost.isConnected && lost.matches(TEXT_FIELD);
    const heirs = lost.isConnected ? firstOf(lost) : heirsOf(way, addedBy(changes));
    way = [];
    if (wasWriting) return;
    for (const heir of heirs) {
      if (isTouch() && heir.matches(":is(input, textarea, select)")) continue;
      heir.focus({ preventScroll: true });
      // What is hidden, or lies behind a dialog, takes no focus.
      if (page.activeElement === heir) return;
    }
  };
  // What lost the focus and can still be pressed was left by the person; what is being taken away is gone a moment later.
  const leave = (): void =>
    queueMicrotask(() => {
      const left = way[0]?.element;
      if (page.activeElement === page.body && left?.isConnected && !left.matches(":disabled")) way = [];
    });
  const refocus = (): void => follow();
  const observer = new MutationObserver(follow);
  observer.observe(page.body, { childList: true, subtree: true, attributeFilter: ["disabled"] });
  page.addEventListener("focusin", refocus);
  page.addEventListener("focusout", leave);
  follow();
  return () => {
    observer.disconnect();
    page.removeEventListener("focusin", refocus);
    page.removeEventListener("focusout", leave);
  };
}

function wayFrom(focused: Element): readonly Step[] {
  const way: Step[] = [];
  for (let element: Element | null = focused; element !== null; element = element.parentElement) {
    way.push({ element, before: element.previousElementSibling, after: element.nextElementSibling });
  }
  return way;
}

/**
 * Who may take over, the best first. The first thing in what stands there is taken, not the button of the same name: a second press of
 * the same key must not do to a neighbour what was meant for another one.
 */
function* heirsOf(way: readonly Step[], added: readonly Element[]): Generator<HTMLElement> {
  const at = way.findIndex(({ element }) => element.isConnected);
  const gone = way[at - 1];
  const home = way[at]?.element;
  // Where a whole page has gone, another one begins at its own top.
  if (!gone || !home || gone.element.matches("main, :has(main)")) return;
  yield* sameGroup(way.slice(0, at), added);
  const reading = home.closest<HTMLElement>(READ) ?? home.querySelector<HTMLElement>(`main ${READ}`);
  if (reading) yield reading;
  if (home.matches(":has(main)")) return;
  if (gone.after?.tagName === gone.element.tagName) yield* firstOf(gone.after);
  for (const beside of [gone.before, gone.after]) yield* firstOf(beside);
  for (const { element, after } of way.slice(at)) {
    if (element.matches(":has(main)")) return;
    for (const near of [element, after]) yield* firstOf(near);
  }
}

/** A group of buttons that was rendered anew, as the steps between versions are. */
function* sameGroup(gone: readonly Step[], added: readonly Element[]): Generator<HTMLElement> {
  const name = gone.find(({ element }) => element.matches(GROUP))?.element.getAttribute("aria-label");
  if (!name) return;
  const groups = added.flatMap((element) => [...element.querySelectorAll(GROUP)]);
  yield* firstOf(groups.find((group) => group.getAttribute("aria-label") === name) ?? null);
}

function* firstOf(place: Element | null): Generator<HTMLElement> {
  if (!place?.isConnected) return;
  if (place.matches(FOCUSABLE)) yield place as HTMLElement;
  yield* place.querySelectorAll<HTMLElement>(FOCUSABLE);
}

function addedBy(changes: readonly MutationRecord[]): readonly Element[] {
  return changes.flatMap(({ addedNodes }) => [...addedNodes].filter((node) => node instanceof Element));
}
