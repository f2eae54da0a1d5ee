/** What another version may have written, checked member by member before it is believed. Pure. */

export type MemberShape = Readonly<Record<string, (value: unknown) => boolean>>;

export const isText = (value: unknown): boolean => typeof value === "string";
export const isBoolean = (value: unknown): boolean => typeof value === "boolean";
export const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

/** Whether it is an object with such members, whatever else it has. */
export function fits(value: unknown, shape: MemberShape): boolean {
  return isObject(value) && Object.entries(shape).every(([name, isRight]) => isRight(value[name]));
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
