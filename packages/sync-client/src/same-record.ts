/** Whether anything is different, for those who would otherwise be told for nothing. */

/** Whether two records of the same shape have the same values; each field is compared by identity. */
export function isSameRecord<T extends object>(one: T, other: T): boolean {
  for (const key in one) if (one[key] !== other[key]) return false;
  return true;
}
