/** How formulas look: loaded with the first of them. */
import font from "@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2?url";
import "temml/dist/Temml-STIX2.css";
import "./maths.css";

/** Fetched where a formula is shown and the system has none of the others itself. */
const SOURCES = ["Cambria Math", "STIX Two Math", "STIXTwoMath-Regular"].map((name) => `local("${name}")`);

document.fonts.add(
  new FontFace("Instep Maths", [...SOURCES, `url("${font}") format("woff2")`].join(", "), { display: "swap" }),
);
