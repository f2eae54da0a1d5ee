/** German: what several parts of the page say. */
export const COMMON = {
  "Try again": "Noch einmal versuchen",
  "Clear search": "Suche leeren",
} as const;
