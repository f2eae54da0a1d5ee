/** Why a conversation has a badge, or has none, in words [DEV-3]. */
import type { UnreadExplanation } from "../sync/device.ts";
import { plural, t } from "../words/words.ts";

export function unreadInWords(explanation: UnreadExplanation): string {
  const { unread, messageCount, baselineCount, readSeq, lastSeq, scope } = explanation;
  const seen =
    scope === "account"
      ? t("Your devices have read up to message {readSeq} of {lastSeq}", { readSeq, lastSeq })
      : t(
          "This tab has seen {baselineCount} of {messageCount} messages; your devices have read up to message {readSeq}",
          { baselineCount, messageCount, readSeq },
        );
  switch (explanation.reason) {
    case "on-screen":
      return t("It is on screen, so nothing in it is unread.");
    case "held":
      return t("Something of your own is under way in it; it is counted when that ends.");
    case "marked-unread":
      return t("It was marked as unread. {seen}.", { seen });
    case "counting":
      return t("Messages were deleted in it, so the server is being asked for the exact number.");
    case "new-messages":
      return plural(unread, "{seen}, so {count} is new.", "{seen}, so {count} are new.", { seen });
    case "all-read":
      return t("{seen}, so nothing is new.", { seen });
    default:
      return explanation.reason satisfies never;
  }
}
