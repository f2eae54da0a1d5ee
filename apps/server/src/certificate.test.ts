import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { selfSigned } from "../test/self-signed.ts";
import { followRenewals, readCertificate } from "./certificate.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-certificate-"));
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

test("[SAFE-6] a renewed certificate is found within a minute though nobody tells, until it is stopped", () => {
  const files = { certPath: join(folder, "cert.pem"), keyPath: join(folder, "key.pem") };
  const write = (serial: number) => {
    const { cert, key } = selfSigned(serial);
    writeFileSync(files.certPath, cert);
    writeFileSync(files.keyPath, key);
  };
  write(1);
  const onTaken = vi.fn();
  const onFault = vi.fn();
  const renewal = followRenewals({
    files,
    server: createServer(),
    certificate: readCertificate(files),
    onTaken,
    onFault,
  });
  vi.advanceTimersByTime(60_000);
  expect(onTaken).not.toHaveBeenCalled();
  write(2);
  vi.advanceTimersByTime(60_000);
  expect(onTaken).toHaveBeenCalledTimes(1);
  renewal.stop();
  write(3);
  vi.advanceTimersByTime(600_000);
  expect(onTaken).toHaveBeenCalledTimes(1);
  expect(onFault).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});
