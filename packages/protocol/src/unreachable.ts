/** The end of every switch over a union. */

/** Says, to the compiler and at run time, that all members were dealt with. */
export function unreachable(value: never): never {
  throw new Error(JSON.stringify(value));
}
