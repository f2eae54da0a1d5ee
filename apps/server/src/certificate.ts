/** The certificate that HTTPS is spoken with: read and checked whole, and taken anew where its files were renewed. */
import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Server } from "node:net";
import { createSecureContext, Server as TlsServer } from "node:tls";
import { codeOf, errorMessage } from "./code-of.ts";
import type { TlsFiles } from "./settings/transport-settings.ts";
import { WrongSetting } from "./settings/wrong-setting.ts";

/** Both as PEM, each the other's. */
export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

export interface Renewal {
  /** Looks at the files at once. */
  readAgain(): void;
  stop(): void;
}

export interface RenewalOptions {
  readonly files: TlsFiles;
  readonly server: Server;
  /** What the server has now. */
  readonly certificate: Certificate;
  readonly onTaken: () => void;
  /** Told once for each fault; what stands goes on. */
  readonly onFault: (error: unknown) => void;
}

const LOOK_EVERY_MS = 30_000;

/** Reads both files. Throws `WrongSetting` where one can't be read, is no PEM, or where they don't belong together [SAFE-6]. */
export function readCertificate({ certPath, keyPath }: TlsFiles): Certificate {
  const cert = readFile("TLS_CERT", certPath);
  const key = readFile("TLS_KEY", keyPath);
  if (!certificateOf(cert, certPath).checkPrivateKey(keyOf(key, keyPath))) {
    throw new WrongSetting("TLS_KEY", `the key in "${keyPath}" is not that of the certificate in "${certPath}"`);
  }
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new WrongSetting("TLS_CERT", `"${certPath}" can't be used: ${errorMessage(error)}`);
  }
  return { cert, key };
}

/** Looks at the files now and then: whatever renews them need not tell. `stop` ends it. */
export function followRenewals({ files, server, certificate, onTaken, onFault }: RenewalOptions): Renewal {
  let standing = certificate;
  let fault: string | null = null;
  const timer = setInterval(readAgain, LOOK_EVERY_MS);
  timer.unref();

  function readAgain(): void {
    try {
      const found = readCertificate(files);
      fault = null;
      if (found.cert.equals(standing.cert) && found.key.equals(standing.key)) return;
      if (server instanceof TlsServer) server.setSecureContext({ ...found });
      standing = found;
      onTaken();
    } catch (error) {
      // One file is written before the other: the next look finds both.
      const message = errorMessage(error);
      if (message !== fault) onFault(error);
      fault = message;
    }
  }

  return { readAgain, stop: () => clearInterval(timer) };
}

function readFile(name: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new WrongSetting(name, `"${path}" can't be read (${codeOf(error) ?? errorMessage(error)})`);
  }
}

function certificateOf(pem: Buffer, path: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new WrongSetting("TLS_CERT", `"${path}" is no certificate in PEM`);
  }
}

function keyOf(pem: Buffer, path: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new WrongSetting("TLS_KEY", `"${path}" is no private key in PEM, or one with a passphrase`);
  }
}
