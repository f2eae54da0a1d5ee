/** What the worker says of a push. It knows no catalogue and no setting: the page leaves it the words, and without them they are English. */

export interface PushWords {
  readonly complete: string;
  readonly failed: string;
  /** For a chat without a title. */
  readonly untitled: string;
}

/** Where they are kept, as a cache and as the one address in it; page and worker share no module, but this type of its name. */
export type PushWordsPlace = "/push-words";

const ENGLISH: PushWords = {
  complete: "The reply is finished.",
  failed: "The reply failed.",
  untitled: "New chat",
};

/** What was left, word by word; English stands in for whatever was not, or is no text. */
export async function readPushWords(kept: Promise<Response | undefined>): Promise<PushWords> {
  let words: unknown;
  try {
    words = await (await kept)?.json();
  } catch {
    words = undefined;
  }
  const word = (name: keyof PushWords): string => {
    const found: unknown = typeof words === "object" && words !== null ? Reflect.get(words, name) : undefined;
    return typeof found === "string" && found !== "" ? found : ENGLISH[name];
  };
  return {
    complete: word("complete"),
    failed: word("failed"),
    untitled: word("untitled"),
  };
}
