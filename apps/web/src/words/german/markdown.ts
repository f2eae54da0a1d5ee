/** German: what the page adds to a text that it shows. */
export const MARKDOWN = {
  Details: "Einzelheiten",
  Task: "Aufgabe",
  Table: "Tabelle",
  Code: "Code",
  Wrap: "Umbrechen",
  "Code in {language}": "Code in {language}",
  "Show fewer lines": "Weniger Zeilen zeigen",
  "Show all {count} lines": "Alle {count} Zeilen zeigen",
  "Footnote {label}": "Fußnote {label}",
  Image: "Bild",
  "Show formatted": "Formatiert zeigen",
  "This text is too long to be formatted.": "Dieser Text ist zu lang, um formatiert zu werden.",
} as const;
