/** The account's part, which most visits never need: loaded when it is opened, and said so where it can't be. */
import { useCallback, useEffect, useState } from "preact/hooks";
import type { AccountPane, AccountPaneProps } from "./account-pane.tsx";

type Pane = typeof AccountPane;

export function LaterAccount(props: AccountPaneProps) {
  const [loaded, setLoaded] = useState<{ readonly Pane: Pane | null; readonly hasFailed: boolean }>(NOTHING);
  const load = useCallback(() => {
    setLoaded(NOTHING);
    import("./account-pane.tsx").then(
      (loadedPart) => setLoaded({ Pane: loadedPart.AccountPane, hasFailed: false }),
      () => setLoaded({ Pane: null, hasFailed: true }),
    );
  }, []);
  useEffect(load, [load]);
  const { Pane, hasFailed } = loaded;
  if (Pane) return <Pane {...props} />;
  if (!hasFailed) return <p role="status">Loading…</p>;
  return (
    <>
      <p role="alert">This could not be loaded. Check your connection, and try again.</p>
      <button type="button" class="button" onClick={load}>
        Try again
      </button>
    </>
  );
}

const NOTHING = { Pane: null, hasFailed: false } as const;
