/** The page's composition root: environment, stores and device are made here, and only here. */
import "@fontsource-variable/inter/index.css";
import "@fontsource-variable/jetbrains-mono/index.css";
import "./design/tokens.css";
import "./design/base.css";
import "./design/button.css";
import { render } from "preact";
import { browserEnvironment } from "./environment.ts";
import { Root } from "./root.tsx";

const element = document.getElementById("app");
if (element) render(<Root environment={browserEnvironment()} />, element);
