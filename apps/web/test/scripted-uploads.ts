/** The network under an upload, in a test's hands: what went out, what came back, how it ended. */
import { onTestFinished, vi } from "vitest";

export class ScriptedUpload extends EventTarget {
  readonly upload = new EventTarget();
  readonly headers = new Map<string, string>();
  status = 0;
  responseText = "";
  address = "";
  file: File | null = null;

  open(method: string, path: string): void {
    this.address = `${method} ${path}`;
  }

  setRequestHeader(name: string, value: string): void {
    this.headers.set(name, value);
  }

  send(file: File): void {
    this.file = file;
  }

  abort(): void {
    this.dispatchEvent(new Event("abort"));
  }

  /** So much of the file has gone out. */
  sent(loaded: number, total: number): void {
    this.upload.dispatchEvent(Object.assign(new Event("progress"), { loaded, total }));
  }

  /** A part of the answer comes. */
  answer(text: string, status = 200): void {
    this.status = status;
    this.responseText += text;
    this.dispatchEvent(new Event("progress"));
  }

  event(id: number, event: string, data: object): void {
    this.answer(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** The answer is whole. */
  finish(): void {
    this.dispatchEvent(new Event("load"));
  }

  /** The connection broke. */
  fail(): void {
    this.dispatchEvent(new Event("error"));
  }
}

/** Stands in for the browser's requests until the test ends; the uploads that were begun, in order. */
export function scriptUploads(): ScriptedUpload[] {
  const uploads: ScriptedUpload[] = [];
  class Upload extends ScriptedUpload {
    constructor() {
      super();
      uploads.push(this);
    }
  }
  vi.stubGlobal("XMLHttpRequest", Upload);
  onTestFinished(() => void vi.unstubAllGlobals());
  return uploads;
}
