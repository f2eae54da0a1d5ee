import { expect, test } from "vitest";
import { isExport } from "./is-export.ts";

const is = (name: string, text: string) => isExport(new File([text], name));

test.each([
  ["ChatGPT's", '[{"title": "T", "create_time": 1.5, "update_time": 2, "mapping": {"a": {'],
  ["ChatGPT's, alone", '{"title":"T","mapping":{}}'],
  ["Claude's", '[\n  {"uuid": "u", "name": "N", "account": {}, "chat_messages": ['],
  ["Open WebUI's", '[{"id":"1","title":"T","chat":{"title":"T","models":[],"history":{'],
  ["Instep's", '{"instep_export":1,"exported_at":"x","conversations":['],
  ["one with a byte order mark", '\uFEFF[{"title":"T","mapping":{'],
])("%s JSON is an export, whatever its case", async (_whose, text) => {
  expect(await is("conversations.json", text)).toBe(true);
  expect(await is("SAVED.JSON", text)).toBe(true);
  expect(await is("notes.txt", text), "a text is a text").toBe(false);
});

test.each([
  ["package.json", '{"name":"x","version":"1"}'],
  ["data.json", '{"a":{"mapping":1}}'],
  ["talk.json", 'about "chat_messages": [ and "mapping": {'],
  ["list.json", "[1,2,3]"],
  ["empty.json", ""],
  ["fake.zip", "no zip"],
  ["letter.docx", "PK\u0003\u0004"],
])("%s is none", async (name, text) => {
  expect(await is(name, text)).toBe(false);
});

test("a .zip is one, and what can't be read is none", async () => {
  expect(await is("Export.ZIP", "PK\u0003\u0004...")).toBe(true);
  const folder = new File([], "folder.zip");
  folder.slice = () => {
    throw new DOMException("gone", "NotFoundError");
  };
  expect(await isExport(folder)).toBe(false);
});
