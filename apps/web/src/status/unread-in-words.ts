/** Why a conversation has a badge, or has none, in words [DEV-3]. */
import type { UnreadExplanation } from "../sync/device.ts";

export function unreadInWords(explanation: UnreadExplanation): string {
  const { unread, messageCount, baselineCount, readSeq, lastSeq, scope } = explanation;
  const seen =
    scope === "account"
      ? `Your devices have read up to message ${readSeq} of ${lastSeq}`
      : `This tab has seen ${baselineCount} of ${messageCount} messages; your devices have read up to message ${readSeq}`;
  switch (explanation.reason) {
    case "on-screen":
      return "It is on screen, so nothing in it is unread.";
    case "own-turn-running":
      return "Your own turn is running in it; it is counted when that ends.";
    case "marked-unread":
      return `It was marked as unread. ${seen}.`;
    case "counting":
      return "Messages were deleted in it, so the server is being asked for the exact number.";
    case "new-messages":
      return `${seen}, so ${unread} ${unread === 1 ? "is" : "are"} new.`;
    case "all-read":
      return `${seen}, so nothing is new.`;
    default:
      return explanation.reason satisfies never;
  }
}
