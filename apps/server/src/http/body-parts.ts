/** How many parts a JSON body may have: reading a great many holds up everybody, and no call takes such a thing [SAFE-2]. */

/** Far beyond what any call takes, which is 500 ids. */
const MAX_PARTS = 10_000;

const QUOTE = '"'.charCodeAt(0);
const BACKSLASH = "\\".charCodeAt(0);
/** Each comma and each opening bracket begins a part, but for those in texts. */
const BEGINNINGS: ReadonlySet<number> = new Set(["[", "{", ","].map((sign) => sign.charCodeAt(0)));

/** A body that is not even read. */
export class TooManyPartsError extends Error {
  override readonly name = "TooManyPartsError";
  readonly code = "TOO_MANY_PARTS";

  constructor() {
    super("The body has more parts than any call takes");
  }
}

/** Whether a JSON text has more parts than any call takes; looks at its signs alone, and no longer than it has to. */
export function hasTooManyParts(json: string): boolean {
  let parts = 0;
  let isInText = false;
  for (let at = 0; at < json.length && parts <= MAX_PARTS; at++) {
    const sign = json.charCodeAt(at);
    if (sign === QUOTE) isInText = !isInText;
    else if (!isInText) parts += BEGINNINGS.has(sign) ? 1 : 0;
    else if (sign === BACKSLASH) at++;
  }
  return parts > MAX_PARTS;
}
