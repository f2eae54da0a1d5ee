/** A setting that turns out wrong only when the program starts, such as a file that isn't there. */

/** The message is the one line that a person needs; it names the variable. */
export class WrongSetting extends Error {
  override readonly name = "WrongSetting";

  constructor(name: string, why: string) {
    super(`${name}: ${why}`);
  }
}
