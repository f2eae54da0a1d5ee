/** A click that was meant for the button it hit. */

/** For what can't be had back where another button stood a moment ago: the second click of a double one was meant for that one. */
export function deliberate(run: (() => void) | null): (event: MouseEvent) => void {
  return (event) => {
    if (event.detail > 1) event.preventDefault();
    else run?.();
  };
}
