/** Text as it is compared with what a person types. Pure. */

/** Without case and accents, as a person types it. */
export function foldedText(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
}
