/** Files as text to write in a message: each under its name, fenced, or with the words why it can't be taken. Loaded with the first file. */
import { MAX_MESSAGE_LENGTH } from "@instep/protocol";
import { isExport } from "../import/is-export.ts";
import { t } from "../words/words.ts";

/** What of some files can be sent. */
export interface ReadFiles {
  /** Ready to stand in a message; empty where none could be read. */
  readonly text: string;
  /** One sentence for each that could not, with its name. */
  readonly refusals: readonly string[];
  /** Those that are no texts to send, but conversations to import. */
  readonly exports: readonly File[];
}

/** A UTF-16 unit takes four bytes at most; more can't fit, and is not even read. */
const MAX_BYTES = MAX_MESSAGE_LENGTH * 4;
const MAX_FILES = 20;

/** Reads files in their order; never rejects. */
export async function readFiles(files: readonly File[]): Promise<ReadFiles> {
  const areExports = await Promise.all(files.map(isExport));
  const texts = files.filter((_, index) => !areExports[index]);
  const read = await Promise.all(texts.slice(0, MAX_FILES).map(readOne));
  const tooMany =
    texts.length > MAX_FILES
      ? [t("{count} files at once are the most; the others were left out.", { count: MAX_FILES })]
      : [];
  return {
    text: read.flatMap(({ text }) => text ?? []).join("\n\n"),
    refusals: [...read.flatMap(({ refusal }) => refusal ?? []), ...tooMany],
    exports: files.filter((_, index) => areExports[index]),
  };
}

/** Where what of some files can be sent goes, and who is told of the rest. */
export interface FileTakers {
  readonly onExports: (files: readonly File[]) => void;
  readonly add?: (text: string) => void;
  readonly tell?: (refusal: string) => void;
  /** Leads to where the text went. */
  readonly lead?: () => void;
}

/** Reads them, and gives each part to whom it is for. */
export async function giveFiles(files: readonly File[], { onExports, add, tell, lead }: FileTakers): Promise<void> {
  const { text, refusals, exports } = await readFiles(files);
  if (text !== "") add?.(text);
  if (refusals.length > 0) tell?.(refusals.join(" "));
  if (exports.length > 0) onExports(exports);
  else lead?.();
}

interface OneFile {
  readonly text?: string;
  readonly refusal?: string;
}

async function readOne(file: File): Promise<OneFile> {
  const name = plainName(file.name);
  if (file.type.startsWith("image/")) {
    return {
      refusal: t("{name} is an image. Only text can be sent here: describe it, or paste the text in it.", { name }),
    };
  }
  if (file.size > MAX_BYTES) return { refusal: tooLong(name) };
  const text = textOf(await bytesOf(file));
  if (text === null) return { refusal: t("{name} is no text file. Only text can be sent here.", { name }) };
  if (text.trim() === "") return { refusal: t("There is no text in {name}.", { name }) };
  return text.length > MAX_MESSAGE_LENGTH ? { refusal: tooLong(name) } : { text: fenced(name, text) };
}

/** Null where it can't be read: a folder, or a file that went meanwhile. */
async function bytesOf(file: File): Promise<Uint8Array | null> {
  return file.arrayBuffer().then(
    (buffer) => new Uint8Array(buffer),
    () => null,
  );
}

/** Null for what is no text in UTF-8, or in UTF-16 that says so. */
function textOf(bytes: Uint8Array | null): string | null {
  if (bytes === null) return null;
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8";
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes("\0") ? null : text.replaceAll("\r\n", "\n");
  } catch {
    return null;
  }
}

/** A text under its name, in a fence that nothing in it can close. */
export function fenced(name: string, text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const [, language = ""] = /\.([a-z\d]{1,10})$/i.exec(name) ?? [];
  return `${name}\n\n${fence}${language.toLowerCase()}\n${text.replace(/\n+$/, "")}\n${fence}`;
}

/** A name that is no markup and has one line. */
function plainName(name: string): string {
  return (
    name
      .replaceAll(/[\p{Cc}`*_<>[\]\\]/gu, " ")
      .trim()
      .slice(0, 100) || t("The file")
  );
}

function tooLong(name: string): string {
  return t("{name} is too long: a message holds {most} characters.", { name, most: MAX_MESSAGE_LENGTH });
}
