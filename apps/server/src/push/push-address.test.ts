/** Where a push may go, whoever names the address and however it is written. */
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { isPublicAddress, openLookup, readEndpoint } from "./push-address.ts";

const CLOSED = [
  "0.0.0.0",
  "0.1.2.3",
  "10.0.0.1",
  "10.255.255.255",
  "100.64.0.1",
  "100.127.255.255",
  "127.0.0.1",
  "127.255.255.255",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.8",
  "192.0.2.1",
  "192.168.1.1",
  "198.18.0.1",
  "198.19.255.255",
  "198.51.100.7",
  "203.0.113.7",
  "224.0.0.1",
  "239.1.1.1",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:8.8.8.8",
  "::7f00:1",
  "64:ff9b::7f00:1",
  "fc00::1",
  "fd12:3456::1",
  "fe80::1",
  "fec0::1",
  "ff02::1",
  "2001::1",
  "2001:db8::1",
  "2002:7f00:1::1",
  "3fff::1",
];
const OPEN = [
  "8.8.8.8",
  "9.255.255.255",
  "11.0.0.1",
  "100.63.255.255",
  "100.128.0.1",
  "126.255.255.255",
  "128.0.0.1",
  "169.253.1.1",
  "169.255.1.1",
  "172.15.255.255",
  "172.32.0.1",
  "192.167.255.255",
  "192.169.0.1",
  "223.255.255.255",
  "2607:f8b0:4005:80b::200a",
  "2a00:1450:4001:829::200e",
];

test.each(CLOSED)("[PUSH-2] %s is no address of the internet", (address) => {
  expect(isPublicAddress(address)).toBe(false);
  const host = address.includes(":") ? `[${address}]` : address;
  expect(readEndpoint(`https://${host}/push`, isPublicAddress)).toBeNull();
});

test.each(OPEN)("[PUSH-2] %s is one", (address) => {
  expect(isPublicAddress(address)).toBe(true);
  const host = address.includes(":") ? `[${address}]` : address;
  expect(readEndpoint(`https://${host}/push`, isPublicAddress)?.pathname).toBe("/push");
});

test.each([
  "http://push.example/a",
  "https://127.1/a",
  "https://0x7f000001/a",
  "https://2130706433/a",
  "https://017700000001/a",
  "https://①②⑦.0.0.1/a",
  "https://user@push.example/a",
  "https://user:password@push.example/a",
  "https://push.example/a#b",
  "ftp://push.example/a",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "//push.example/a",
  "push.example",
  "",
  `https://push.example/${"a".repeat(2000)}`,
])("[PUSH-2] nothing is sent to %s", (endpoint) => {
  expect(readEndpoint(endpoint, isPublicAddress)).toBeNull();
});

test("[PUSH-2] a name that leads to this machine is not connected to, whatever it led to before", async () => {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.end();
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const reach = (isOpen: (address: string) => boolean) =>
    new Promise<string>((resolve) => {
      get({ host: "localhost", port, lookup: openLookup(isOpen), agent: false }, (response) => {
        response.resume();
        resolve("reached");
      }).once("error", (error) => resolve(error.message));
    });
  expect(await reach(isPublicAddress)).toMatch(/not of the internet/);
  expect(asked).toBe(0);
  expect(await reach(() => true)).toBe("reached");
  server.close();
});

test.each([
  [["192.0.78.9", "2a00:1450:4001:829::200e"], "192.0.78.9"],
  [["192.0.78.9", "10.0.0.1"], "The name leads to an address that is not of the internet"],
  [["::1", "192.0.78.9"], "The name leads to an address that is not of the internet"],
  [[], "The name has no address"],
])("[PUSH-2] of a name that leads to %j all have to be open, whichever would be connected to: %s", (led, told) => {
  const addresses = led.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  const look = openLookup(isPublicAddress, (_name, _options, callback) => callback(null, addresses));
  for (const all of [false, true]) {
    const heard: unknown[] = [];
    look("push.example", { all }, (error, found) => heard.push(error === null ? found : error.message));
    expect(heard).toEqual([told.includes(" ") || !all ? told : addresses]);
  }
});
