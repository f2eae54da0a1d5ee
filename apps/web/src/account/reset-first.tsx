/** A link with which a new password is set stands before everything else, whoever is signed in here. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { lazyPart } from "../design/lazy-part.tsx";

const ResetView = lazyPart(async () => (await import("./reset-view.tsx")).ResetView);

const LINK = /^#reset=([\w-]+)$/;

export function ResetFirst({ children }: { readonly children: ComponentChildren }) {
  const [token, setToken] = useState(takeToken);
  useEffect(() => {
    // Opened in a tab that shows the page already, the link loads nothing anew.
    const onLink = () => setToken((last) => takeToken() ?? last);
    window.addEventListener("hashchange", onLink);
    return () => window.removeEventListener("hashchange", onLink);
  }, []);
  return token === null ? <>{children}</> : <ResetView token={token} onDone={() => setToken(null)} />;
}

/** Out of the address, so that it stays in no history. */
function takeToken(): string | null {
  const token = LINK.exec(location.hash)?.[1] ?? null;
  if (token !== null) history.replaceState(null, "", location.pathname);
  return token;
}
