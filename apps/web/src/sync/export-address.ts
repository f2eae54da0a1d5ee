/** Where conversations can be had as a file, which a link or a download gives. */

/** All of an account's. */
export function accountExportAddress(accountId: string): string {
  return `/api/export?account=${encodeURIComponent(accountId)}`;
}

/** One of them; JSON is what an import reads. */
export function conversationExportAddress(
  accountId: string,
  conversationId: string,
  format: "markdown" | "json",
): string {
  return `/api/export?${new URLSearchParams({ account: accountId, conversation: conversationId, format }).toString()}`;
}
