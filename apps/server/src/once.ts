/** What is given back once, however often somebody says so. */

/** Does the action when it is called first, and nothing after. */
export function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}
