/** The drawer's own entry in the browser's history: on a phone, Back closes what lies over the page before it leaves the page. */

/** Whether the page stands at such an entry. */
export function isAtDrawerEntry(): boolean {
  const state: unknown = history.state;
  return typeof state === "object" && state !== null && "isDrawer" in state;
}

/**
 * Goes to an entry of the same address. `onLeft` is called when the person goes back from it. What it returns goes back there by
 * itself, unless something else was opened in its place.
 */
export function enterDrawer(onLeft: () => void): () => void {
  const state: unknown = history.state;
  history.pushState({ ...(typeof state === "object" && state), isDrawer: true }, "");
  const follow = (): void => {
    if (!isAtDrawerEntry()) onLeft();
  };
  window.addEventListener("popstate", follow);
  return () => {
    window.removeEventListener("popstate", follow);
    if (isAtDrawerEntry()) history.back();
  };
}
