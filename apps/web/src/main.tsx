/** The page's composition root: environment, stores and device are made here, and only here. */
import "@fontsource-variable/inter/index.css";
import "@fontsource-variable/jetbrains-mono/index.css";
import "./design/tokens.css";
import "./design/base.css";
import "./design/button.css";
import "./design/forced-colors.css";
import "./design/print.css";
import { render } from "preact";
import { browserEnvironment } from "./environment.ts";
import { Root } from "./root.tsx";
import { storedSettings } from "./settings/settings-store.ts";
import { speak } from "./words/language.ts";

/** No word is shown before its language is there; where that can't be loaded, the page speaks English. */
async function start(element: HTMLElement): Promise<void> {
  const environment = browserEnvironment();
  await speak(storedSettings(environment.keyValue).language, environment.languages());
  render(<Root environment={environment} />, element);
  const isTouch = () => environment.matches("(pointer: coarse)");
  // Without it, only what components do about the focus is done.
  void import("./design/keep-focus.ts").then(
    ({ keepFocus }) => keepFocus(document, isTouch),
    () => undefined,
  );
}

const element = document.getElementById("app");
if (element) void start(element);
