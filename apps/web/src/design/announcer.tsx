/** One polite voice for what a screen reader should hear without moving: a finished reply, a copied text. */
import { type ComponentChildren, createContext } from "preact";
import { useCallback, useContext, useState } from "preact/hooks";

const AnnouncerContext = createContext<(text: string) => void>(() => undefined);

/** Holds the page's only polite live region of its own. */
export function Announcer({ children }: { readonly children: ComponentChildren }) {
  const [announcement, setAnnouncement] = useState({ text: "", number: 0 });
  const announce = useCallback((text: string) => setAnnouncement(({ number }) => ({ text, number: number + 1 })), []);
  return (
    <AnnouncerContext.Provider value={announce}>
      {children}
      <div class="visually-hidden announcer" aria-live="polite" aria-atomic="true">
        <span key={announcement.number}>{announcement.text}</span>
      </div>
    </AnnouncerContext.Provider>
  );
}

/** Says a text once. */
export function useAnnounce(): (text: string) => void {
  return useContext(AnnouncerContext);
}
