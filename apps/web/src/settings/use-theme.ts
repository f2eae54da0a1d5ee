/** Puts the chosen theme on the page; `public/theme.js` does the same before the first paint. */
import { useLayoutEffect } from "preact/hooks";
import { useSettings } from "./settings-store.ts";

export function useTheme(): void {
  const [{ theme }] = useSettings();
  useLayoutEffect(() => {
    if (theme === "system") document.documentElement.removeAttribute("data-theme");
    else document.documentElement.setAttribute("data-theme", theme);
  }, [theme]);
}
