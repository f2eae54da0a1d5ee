/** Which network a request comes from: what is counted by source is counted by that. */

/** As some proxies write it: with the port that a connection comes from, and an address of IPv6 in brackets then. */
const WITH_PORT = /^(?:\[(.+)\](?::\d+)?|(\d+(?:\.\d+){3}):\d+)$/;

/** Whoever has one address of IPv6 has as many as he likes of the same /64. */
export function networkOf(source: string): string {
  const plain = source.replace(WITH_PORT, "$1$2").replace(/^::ffff:(?=\d+\.)/i, "");
  if (!plain.includes(":")) return plain;
  const [head = "", tail] = plain.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: missing }, () => "0"), ...right];
  return groups.slice(0, 4).join(":");
}
