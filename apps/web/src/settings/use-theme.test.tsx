/** The chosen theme, on the page and in what the browser draws around it. */
import { render } from "@testing-library/preact";
import { expect, test } from "vitest";
import { testEnvironment } from "../../test/test-environment.ts";
import { createSettingsStore, SettingsProvider, type Theme } from "./settings-store.ts";
import { useTheme } from "./use-theme.ts";

function Themed() {
  useTheme();
  return null;
}

test("the colour around the page is the chosen theme's, and the system's where none is chosen", () => {
  document.head.innerHTML = ["light", "dark"]
    .map((scheme) => `<meta name="theme-color" data-scheme="${scheme}" media="(prefers-color-scheme: ${scheme})">`)
    .join("");
  const mediaWith = (theme: Theme) => {
    const settings = createSettingsStore(testEnvironment().keyValue);
    settings.change({ theme });
    const { unmount } = render(
      <SettingsProvider value={settings}>
        <Themed />
      </SettingsProvider>,
    );
    unmount();
    return [...document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')].map(({ media }) => media);
  };
  expect(mediaWith("dark")).toEqual(["not all", "all"]);
  expect(mediaWith("light")).toEqual(["all", "not all"]);
  expect(mediaWith("system")).toEqual(["(prefers-color-scheme: light)", "(prefers-color-scheme: dark)"]);
  document.head.innerHTML = "";
});
