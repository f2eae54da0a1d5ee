/** Text as it is compared with what a person types. Pure. */

/** Without case and accents, as a person types it; vowels that some scripts write as marks stay. */
export function foldedText(text: string): string {
  return text
    .normalize("NFD")
    .replaceAll(/\p{Script=Inherited}/gu, "")
    .toLowerCase()
    .normalize("NFC");
}
