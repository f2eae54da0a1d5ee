/** Where a conversation's row stands in the page. */

/** The selector of the row, whose link and buttons are inside. */
export function rowSelector(id: string): string {
  return `[data-conversation-id="${CSS.escape(id)}"]`;
}
