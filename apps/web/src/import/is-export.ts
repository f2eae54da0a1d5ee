/** Whether a file is an export of conversations, told by its name and how it begins; the server decides for good. */

/** Real exports name the member that tells them within their first conversation's first lines. */
const LOOK_BYTES = 262_144;
const ZIP = "PK\u0003\u0004";
const OF_AN_EXPORT = [
  /^\s*\{\s*"instep_export"\s*:/,
  /^\s*[[{][^]*"mapping"\s*:\s*\{/,
  /^\s*[[{][^]*"chat_messages"\s*:\s*\[/,
  /^\s*[[{][^]*"chat"\s*:\s*\{[^]*"(?:history|messages)"\s*:/,
];

/** Never rejects: what can't be read is none. */
export async function isExport(file: File): Promise<boolean> {
  const name = file.name.toLowerCase();
  if (!name.endsWith(".zip") && !name.endsWith(".json")) return false;
  try {
    const head = await file.slice(0, LOOK_BYTES).arrayBuffer();
    const text = new TextDecoder().decode(head);
    return name.endsWith(".zip") ? text.startsWith(ZIP) : OF_AN_EXPORT.some((form) => form.test(text));
  } catch {
    return false;
  }
}
