/** The unread conversation that a key leads to. Pure. */

/** From the open one on, in the list's order, and round at its end; null where none is unread. */
export function nextUnread(
  order: readonly string[],
  isUnread: (id: string) => boolean,
  from: { readonly openId: string | null; readonly step: 1 | -1 },
): string | null {
  const at = order.indexOf(from.openId ?? "");
  const start = at === -1 && from.step === -1 ? order.length : at;
  for (let distance = 1; distance <= order.length; distance++) {
    const id = order[(start + from.step * distance + order.length * 2) % order.length];
    if (id !== undefined && id !== from.openId && isUnread(id)) return id;
  }
  return null;
}
