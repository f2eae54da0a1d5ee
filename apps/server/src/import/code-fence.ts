/** A code block whose fence is longer than any in the text; nothing where there is no text. */
export function fence(text: string, language: string): string {
  if (text.trim() === "") return "";
  let longest = 2;
  for (const [ticks] of text.matchAll(/`{3,}/g)) longest = Math.max(longest, ticks.length);
  const ticks = "`".repeat(longest + 1);
  return `${ticks}${language}\n${text.replace(/\n$/, "")}\n${ticks}`;
}
