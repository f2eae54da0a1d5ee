import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isListed, normalAddress, parseAllowList } from "./allow-list.ts";

const name = fc.stringMatching(/^[a-z][a-z0-9.+-]{0,10}$/);
const domain = fc.stringMatching(/^[a-z]{1,8}\.(?:example|test)$/);

function listed(list: string, address: string): boolean {
  const parsed = parseAllowList(list);
  return parsed !== null && isListed(parsed, normalAddress(address) ?? "");
}

describe("the list of those who may sign in", () => {
  it("[SIGN-1] lets in exactly the addresses and the domains that it names", () => {
    fc.assert(
      fc.property(fc.tuple(name, name), fc.tuple(domain, domain), ([first, second], [one, other]) => {
        const list = ` ${first}@${one} ,, *@${other}`;
        expect(listed(list, `${second}@${other}`)).toBe(true);
        expect(listed(list, `${first}@${one}`)).toBe(true);
        expect(listed(list, `${second}@${one}`)).toBe(one === other || first === second);
        expect(listed(list, `${second}@sub.${other}`)).toBe(false);
        expect(listed(list, `${second}@x${other}`)).toBe(one === `x${other}` && first === second);
        expect(listed(list, `${second}@${other}.evil.example`)).toBe(false);
      }),
    );
  });

  it("[SIGN-1] takes no account of case and of space around an address", () => {
    expect(listed("Ann@Example.com", " aNN@example.COM ")).toBe(true);
    expect(listed("*@Example.com", "ANN@EXAMPLE.COM")).toBe(true);
  });

  it.each([
    "",
    " , ",
    "ann",
    "@example.com",
    "ann@",
    "*",
    "*@",
    "*@*",
    "a*@example.com",
    "a b@c.example",
    "a@b@c.example",
  ])("[SIGN-1] refuses %j, which is no list", (list) => expect(parseAllowList(list)).toBeNull());

  it.each([
    "",
    "ann",
    "*@example.com",
    "ann@evil@example.com",
    `${"a".repeat(64)}@${"b".repeat(200)}.example`,
    "a,b@c.example",
    "a\u0000b@c.example",
    "a\u001Bb@c.example",
    "a@c\u007F.example",
    "a\u202Eb@c.example",
    "a\u200B@c.example",
  ])("[SIGN-1] takes %j for no address", (text) => expect(normalAddress(text)).toBeNull());
});
