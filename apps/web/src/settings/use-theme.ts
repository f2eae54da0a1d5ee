/** Puts the chosen theme on the page; `public/theme.js` does the same before the first paint. */
import { useLayoutEffect } from "preact/hooks";
import { useSettings } from "./settings-store.ts";

export function useTheme(): void {
  const [{ theme }] = useSettings();
  useLayoutEffect(() => {
    if (theme === "system") document.documentElement.removeAttribute("data-theme");
    else document.documentElement.setAttribute("data-theme", theme);
    // The colour of what the browser, or the system, draws around the page.
    for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
      const { scheme = "" } = meta.dataset;
      if (theme === "system") meta.media = `(prefers-color-scheme: ${scheme})`;
      else meta.media = scheme === theme ? "all" : "not all";
    }
  }, [theme]);
}
