/** Clicks that were meant for the button they hit: the second click of a double one was meant for what stood there a moment ago. */

/** For what can't be undone, or what a double click brings under the pointer: does nothing at the second click of a double one. */
export function deliberate(run: () => void): (event: MouseEvent) => void {
  return (event) => {
    if (isSecondClick(event)) event.preventDefault();
    else run();
  };
}

/** The same for a button that submits a form. */
export function ignoreDoubleClick(event: MouseEvent): void {
  if (isSecondClick(event)) event.preventDefault();
}

function isSecondClick({ detail }: MouseEvent): boolean {
  return detail > 1;
}
