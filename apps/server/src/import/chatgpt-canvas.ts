/** Documents that a model wrote in a canvas, as part of its reply. */
import { arrayOf, isRecord, parseJson, recordOf, stringOf, type JsonRecord } from "../json-value.ts";
import { cleanLine, cleanText } from "./clean-text.ts";
import { fence } from "./code-fence.ts";

const MAX_NAME_LENGTH = 200;

/** What a call of the canvas wrote; a call that can't be read stands as it is. */
export function canvasText(recipient: string, call: string): string {
  const value = parseJson(call);
  if (!isRecord(value)) return fence(cleanText(call), "");
  if (recipient.endsWith("update_textdoc")) return changesText(value);
  if (recipient.endsWith("comment_textdoc")) return commentsText(value);
  return documentText(value, call);
}

function documentText(value: JsonRecord, call: string): string {
  const content = stringOf(value["content"]);
  if (content === null) return fence(cleanText(call), "json");
  const name = cleanLine(stringOf(value["name"]) ?? "", MAX_NAME_LENGTH);
  const type = stringOf(value["type"]) ?? "document";
  const [, language] = /^code\/([\w+#-]{1,20})$/.exec(type) ?? [];
  const body = language === undefined ? cleanText(content) : fence(cleanText(content), language);
  return name === "" ? body : `**${name.replaceAll("*", "\\*")}**\n\n${body}`;
}

/** Usually one that replaces everything: the new document. Of smaller ones, what they put in. */
function changesText(value: JsonRecord): string {
  return textsOf(value["updates"], "replacement").join("\n\n");
}

function commentsText(value: JsonRecord): string {
  return textsOf(value["comments"], "comment")
    .map((comment) => `- ${comment}`)
    .join("\n");
}

function textsOf(list: unknown, name: string): readonly string[] {
  return arrayOf(list)
    .map((item) => cleanText(stringOf(recordOf(item)[name]) ?? ""))
    .filter((text) => text.trim() !== "");
}
