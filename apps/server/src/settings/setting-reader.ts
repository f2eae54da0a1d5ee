/** Reads one environment variable after the other and keeps the first fault, as the one line that a person needs. */

/** Bounds (inclusive) and default of a number, in the unit that the variable's name says. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

const MIN_SECRET_LENGTH = 16;

/** Each method answers the setting, or its default (null where it has none) after noting what was wrong with it. */
export class SettingReader {
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #names = new Set<string>();
  #fault: string | null = null;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#env = env;
  }

  /** What was wrong first, naming the variable; null where all is well. */
  get fault(): string | null {
    return this.#fault;
  }

  /** Every variable that was asked for. */
  get names(): readonly string[] {
    return [...this.#names];
  }

  /** Notes that a setting can't be used, and why. */
  refuse(name: string, why: string): void {
    this.#fault ??= `${name}: ${why.replaceAll(/\s+/g, " ")}`;
  }

  /** The text, without space around it; a variable that is set to nothing counts as not set. */
  text(name: string): string | null {
    this.#names.add(name);
    const text = this.#env[name]?.trim();
    return text === undefined || text === "" ? null : text;
  }

  number(name: string, range: NumberRange): number {
    const text = this.text(name);
    if (text === null) return range.default;
    const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (value >= range.min && value <= range.max) return value;
    this.refuse(name, `"${text}" is not a number from ${range.min} to ${range.max}`);
    return range.default;
  }

  integer(name: string, range: NumberRange): number {
    const value = this.number(name, range);
    if (Number.isInteger(value)) return value;
    this.refuse(name, `"${value}" is not a whole number from ${range.min} to ${range.max}`);
    return range.default;
  }

  /** A duration given in seconds, fractions allowed, as whole milliseconds. */
  seconds(name: string, range: NumberRange): number {
    return Math.round(this.number(name, range) * 1000);
  }

  boolean(name: string): boolean | null {
    const text = this.text(name)?.toLowerCase();
    if (text === undefined) return null;
    if (["true", "1", "yes", "on"].includes(text)) return true;
    if (["false", "0", "no", "off"].includes(text)) return false;
    this.refuse(name, `"${text}" is neither true nor false`);
    return null;
  }

  oneOf<T extends string>(name: string, choices: readonly T[]): T | null {
    const text = this.text(name);
    if (text === null) return null;
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined) this.refuse(name, `"${text}" is none of ${choices.join(", ")}`);
    return choice ?? null;
  }

  /** An http or https address, without a slash at its end. */
  url(name: string): string | null {
    const text = this.text(name);
    if (text === null) return null;
    const url = URL.parse(text);
    const isHttp = url?.protocol === "http:" || url?.protocol === "https:";
    const hasUser = isHttp && (url.username !== "" || url.password !== "");
    if (isHttp && !hasUser) return text.replace(/(?<!\/)\/+$/, "");
    // What is refused for its password is not repeated.
    const why = hasUser ? "an address here has no user or password" : `"${text}" is not an http or https address`;
    this.refuse(name, why);
    return null;
  }

  /** A secret as it travels in a header; what is wrong with it is told without repeating it. */
  secret(name: string): string | null {
    const text = this.text(name);
    if (text === null || /^[\x21-\x7e]+$/.test(text)) return text;
    this.refuse(name, "it may have letters, digits and signs of ASCII only, and no space");
    return null;
  }

  /** A secret that nobody is to guess. */
  longSecret(name: string): string | null {
    const secret = this.secret(name);
    if (secret === null || secret.length >= MIN_SECRET_LENGTH) return secret;
    this.refuse(name, `it has fewer than ${MIN_SECRET_LENGTH} characters; "openssl rand -base64 32" makes a good one`);
    return null;
  }

  /** The origin (scheme, host and port) of an http or https address; one that leads further is refused, since nothing stands there. */
  origin(name: string): string | null {
    const text = this.url(name);
    if (text === null) return null;
    const { origin, pathname, search, hash } = new URL(text);
    if (pathname + search + hash === "/") return origin;
    this.refuse(name, `the page stands at the root of its host and can't be moved below a path; use ${origin}`);
    return null;
  }
}
