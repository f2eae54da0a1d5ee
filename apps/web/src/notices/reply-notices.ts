/** Decides when the end of a reply is worth a notification: once a reply, only where asked for, never while a person has a tab in front of them. */
import { t } from "../words/words.ts";

export interface ReplyNotice {
  readonly title: string;
  /** The conversation's id: a later notice of it, from this tab or another one, takes the place of the one before. */
  readonly tag: string;
}

export interface ReplyState {
  readonly id: string;
  readonly title: string;
  readonly isGenerating: boolean;
}

/** Follows what changes and gives the notice to show, or null; one for each page, since it remembers which replies run. */
export function followReplies(): (state: ReplyState, isWanted: () => boolean) => ReplyNotice | null {
  const running = new Set<string>();
  return ({ id, title, isGenerating }, isWanted) => {
    if (isGenerating) {
      running.add(id);
      return null;
    }
    const hasEnded = running.delete(id);
    return hasEnded && isWanted() ? { title: title || t("New chat"), tag: id } : null;
  };
}
