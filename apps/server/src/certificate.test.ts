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

test("[SAFE-6] a fault is told once while it lasts, again when it comes anew, and at once where it becomes another one", () => {
  const files = { certPath: join(folder, "cert.pem"), keyPath: join(folder, "key.pem") };
  const [good, other] = [selfSigned(1), selfSigned(2)];
  const write = (cert: string, key: string) => {
    writeFileSync(files.certPath, cert);
    writeFileSync(files.keyPath, key);
  };
  write(good.cert, good.key);
  const told: string[] = [];
  const onTaken = vi.fn();
  const renewal = followRenewals({
    files,
    server: createServer(),
    certificate: readCertificate(files),
    onTaken,
    onFault: (error) => told.push(String(error)),
  });
  const look = () => {
    for (let round = 0; round < 3; round++) renewal.readAgain();
    return told.splice(0).map((fault) => /no certificate|not that of/.exec(fault)?.[0]);
  };
  const unreadable = () => write("noise", good.key);
  const unlike = () => write(good.cert, other.key);
  const mended = () => write(good.cert, good.key);
  unreadable();
  expect(look()).toEqual(["no certificate"]);
  unlike();
  expect(look()).toEqual(["not that of"]);
  mended();
  expect(look()).toEqual([]);
  unlike();
  expect(look()).toEqual(["not that of"]);
  mended();
  expect(look()).toEqual([]);
  unreadable();
  expect(look()).toEqual(["no certificate"]);
  expect(onTaken).not.toHaveBeenCalled();
  renewal.stop();
});
