import { describe, expect, test } from "vitest";
import { callAddress, deploymentOf, keyHeader, normalBaseUrl, shownAddress } from "./endpoint-address.ts";

describe("normalBaseUrl", () => {
  test.each([
    ["http://127.0.0.1:11434/v1", "http://127.0.0.1:11434/v1"],
    ["http://127.0.0.1:11434/v1//", "http://127.0.0.1:11434/v1"],
    ["https://api.example.com", "https://api.example.com"],
    ["https://api.example.com/v1/chat/completions", "https://api.example.com/v1"],
    ["https://api.example.com/v1/chat/completions/?x=1", "https://api.example.com/v1?x=1"],
    ["https://api.example.com/?x=1", "https://api.example.com?x=1"],
  ])("[MODEL-3] keeps of %s %s, and calls go behind its path", (text, root) => {
    expect(normalBaseUrl(text)).toBe(root);
    expect(normalBaseUrl(normalBaseUrl(text))).toBe(root);
    const address = new URL(callAddress(root, "/models"));
    expect(address.pathname).toBe(`${new URL(root).pathname.replace(/\/$/, "")}/models`);
    expect(address.search).toBe(new URL(root).search);
  });
});

test("[MODEL-3] a classic Azure address names its model, and has a header of its own for the key", () => {
  const classic = "https://me.openai.azure.com/openai/deployments/my%20four?api-version=2024-10-21";
  expect([deploymentOf(classic), deploymentOf("https://api.example.com/v1")]).toEqual(["my four", null]);
  expect(deploymentOf("https://me.openai.azure.com/openai/deployments/50%/")).toBe("");
  expect(keyHeader(classic, "k")).toEqual({ "api-key": "k" });
  expect(keyHeader("https://me.openai.azure.com/openai/v1", "k")).toEqual({ "api-key": "k" });
  expect(keyHeader("https://api.example.com/v1", "k")).toEqual({ authorization: "Bearer k" });
});

test("[MODEL-6] an address is shown without its query, which may hold a key", () => {
  expect(shownAddress("https://api.example.com/v1/?key=secret")).toBe("https://api.example.com/v1");
});
