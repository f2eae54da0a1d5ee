import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refuseMetrics, type MetricsCaller } from "./metrics-guard.ts";

const OPEN = { token: null, isBehindProxy: false };
const here: MetricsCaller = {
  remoteAddress: "127.0.0.1",
  host: "127.0.0.1:3000",
  authorization: undefined,
  isForwarded: false,
};

describe("the metrics", () => {
  it.each(["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])("[SAFE-5] are told to %s", (remoteAddress) => {
    expect(refuseMetrics(OPEN, { ...here, remoteAddress })).toBeNull();
  });

  it.each(["10.0.0.7", "::ffff:10.0.0.7", "fe80::1", "::2", "128.0.0.1", "127.evil", "", undefined])(
    "[SAFE-5] are not told to %s",
    (remoteAddress) => {
      expect(refuseMetrics(OPEN, { ...here, remoteAddress })).toMatchObject({ refused: "forbidden" });
    },
  );

  it("[SAFE-5] are not told through a proxy, whatever gives it away", () => {
    for (const caller of [
      { ...here, isForwarded: true },
      { ...here, host: "chat.example" },
      { ...here, host: undefined },
    ]) {
      expect(refuseMetrics(OPEN, caller)).toMatchObject({ refused: "forbidden" });
    }
    expect(refuseMetrics({ ...OPEN, isBehindProxy: true }, here)).toMatchObject({ refused: "forbidden" });
  });

  it("[SAFE-5] are told to whoever shows the token, and to nobody else, this machine neither", () => {
    const texts = fc.oneof(fc.string(), fc.constantFrom("", "Bearer ", "Bearer secre", "Bearer secrett", "secret"));
    const rules = { token: "secret", isBehindProxy: true };
    fc.assert(
      fc.property(fc.option(texts, { nil: undefined }), fc.boolean(), (authorization, isForwarded) => {
        fc.pre(authorization !== "Bearer secret");
        expect(refuseMetrics(rules, { ...here, authorization, isForwarded })).toMatchObject({
          refused: "unauthorized",
        });
      }),
    );
    const far = { remoteAddress: "10.0.0.7", host: "chat.example", authorization: "Bearer secret", isForwarded: true };
    expect(refuseMetrics(rules, far)).toBeNull();
    for (const authorization of ["bearer secret", "BEARER  secret"]) {
      expect(refuseMetrics(rules, { ...far, authorization })).toBeNull();
    }
    for (const authorization of [
      "bearersecret",
      "Basic secret",
      "Bearer SECRET",
      "Bearer bearer secret",
      "Bearer secret ",
    ]) {
      expect(refuseMetrics(rules, { ...far, authorization })).toMatchObject({ refused: "unauthorized" });
    }
  });
});
