/** The import on the whole page: begun from everywhere, seen to its end or left alone, and never in the way of the page. */
import { act, fireEvent, screen, within } from "@testing-library/preact";
import { expect, test } from "vitest";
import { full, row } from "../../test/scripted-device.ts";
import { exportFile, importReport } from "../../test/import-reports.ts";
import { type ScriptedUpload, scriptUploads } from "../../test/scripted-uploads.ts";
import { wholePage } from "../../test/whole-page.tsx";

async function page(path = "/") {
  const uploads = scriptUploads();
  const whole = await wholePage(path);
  await whole.transport.last.answer(full(100, [row("a", 2)]));
  if (path === "/") await screen.findByRole("list", { name: "Suggestions" });
  await whole.settle();
  const press = async (name: string | RegExp) => {
    fireEvent.click(screen.getByRole("button", { name }));
    await whole.settle();
  };
  const dialog = () => screen.queryByRole("dialog", { name: "Import conversations" });
  const choose = async (...files: File[]) => {
    fireEvent.input(screen.getByLabelText("Files to import"), { target: { files } });
    await whole.settle();
  };
  const drop = async (...files: File[]) => {
    const dataTransfer = { types: ["Files"], files };
    fireEvent(window, Object.assign(new Event("drop", { cancelable: true }), { dataTransfer }));
    for (let turns = 0; turns < 3; turns++) await whole.settle();
  };
  const hear = async (tell: (upload: ScriptedUpload) => void) => {
    const upload = uploads.at(-1);
    if (upload === undefined) throw new Error("nothing was sent");
    await act(() => tell(upload));
    await whole.settle();
  };
  const finish = (report = importReport({ added: 3, messages: 12 })) =>
    hear((upload) => {
      upload.event(2, "done", report);
      upload.finish();
    });
  const draft = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message" }).value;
  return { ...whole, uploads, press, dialog, choose, drop, hear, finish, draft };
}

test("[IMPORT-1] settings lead to it: a file is chosen, its way is shown, and the report says what came in", async () => {
  const { press, dialog, choose, hear, finish, uploads, boot } = await page();
  await press("Settings");
  await press("Import conversations");
  expect(screen.queryByRole("dialog", { name: "Settings" })).toBeNull();
  await choose(exportFile());
  expect(uploads[0]?.headers.get("instep-account")).toBe(boot.me.id);
  await hear((upload) => upload.sent(1, 2));
  const bar = () => screen.getByRole<HTMLProgressElement>("progressbar", { name: /conversations\.json/ });
  expect([bar().value, bar().getAttribute("aria-label")]).toEqual([50, "Sending conversations.json"]);
  await hear((upload) => upload.sent(2, 2));
  await hear((upload) => upload.event(1, "progress", { share: 0.25, read: 2, added: 2, grown: 0, messages: 8 }));
  expect([bar().value, bar().getAttribute("aria-label")]).toEqual([25, "Reading conversations.json"]);
  expect(dialog()?.textContent).toContain("25 % · 2 conversations, 8 messages");
  await finish(importReport({ added: 3, messages: 12, known: 1 }, { tool: 2 }));
  const shown = within(dialog() ?? document.body);
  expect(shown.getByText("3 conversations came in, 12 messages in all.")).toBeTruthy();
  expect(document.activeElement?.textContent).toBe("Done");
  expect(shown.getByRole("list", { name: "Details" }).children).toHaveLength(2);
  await press("Done");
  expect(dialog()).toBeNull();
});

test("[IMPORT-1] the page isn't left while an import runs without the browser asking, its dialog open or not", async () => {
  const { drop, press, finish } = await page();
  const asksToStay = () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  await drop(exportFile());
  expect(asksToStay()).toBe(false);
  await press("Import");
  expect(asksToStay()).toBe(true);
  await press("Close");
  expect(asksToStay()).toBe(true);
  await finish();
  expect(asksToStay()).toBe(false);
});

test("the first run's line leads to it, and there it can be closed again without anything being sent", async () => {
  const { press, dialog, uploads } = await page();
  await press("Bring your history");
  expect(within(dialog() ?? document.body).getByText(/npm run instep -- import/)).toBeTruthy();
  await press("Close");
  expect([dialog(), uploads.length, document.querySelector(".toast")]).toEqual([null, 0, null]);
  await press("Bring your history");
  expect(dialog()).not.toBeNull();
});

test("an export that is dropped anywhere is imported after a question, and leaves the message box alone", async () => {
  const { drop, press, dialog, uploads, draft } = await page();
  await drop(exportFile("export.zip", "PK\u0003\u0004"));
  expect(dialog()?.textContent).toContain("export.zip (1 kB)");
  expect(document.activeElement?.textContent).toBe("Import");
  expect(uploads).toHaveLength(0);
  await press("Cancel");
  expect([dialog(), uploads.length]).toEqual([null, 0]);
  await drop(exportFile());
  await press("Import");
  expect([uploads.length, draft()]).toEqual([1, ""]);
});

test("where no chat is, a text that is dropped begins a new one, and an export is imported as ever", async () => {
  const { drop, press, finish, uploads, draft } = await page("/nowhere");
  await screen.findByRole("heading", { name: "Not here" });
  await drop(exportFile());
  await press("Import");
  expect(uploads).toHaveLength(1);
  await finish();
  await press("Close");
  await drop(new File(["words"], "notes.txt"));
  expect(location.pathname).toBe("/");
  expect(draft()).toContain("words");
});

test("a text that is dropped is inserted as ever, JSON of another kind too", async () => {
  const { drop, dialog, uploads, draft } = await page();
  await drop(new File(["words"], "notes.txt"), exportFile("package.json", '{"name":"x"}'));
  expect(draft()).toContain("words");
  expect(draft()).toContain('{"name":"x"}');
  expect([dialog(), uploads.length]).toEqual([null, 0]);
});

test("[IMPORT-3] what is dropped while one runs has to be dropped again: that is said then, and when it has ended", async () => {
  const { drop, press, dialog, finish, uploads } = await page();
  await drop(exportFile("a.json"));
  await press("Import");
  await press("Close");
  for (let times = 0; times < 2; times++) await drop(exportFile("b.json"));
  const words = "One import at a time: drop b.json again once this one has ended.";
  expect(dialog()?.textContent).toContain(words);
  await finish();
  expect(dialog()?.textContent).toContain(words);
  await press("Import another file");
  expect(dialog()?.textContent).not.toContain(words);
  expect(uploads).toHaveLength(1);
});

test("what is dropped over a dialog is that dialog's: the import's takes any file, no other's goes into the box behind it", async () => {
  const { press, dialog, drop, uploads, draft, settle } = await page();
  await press("Settings");
  await drop(new File(["words"], "notes.txt"));
  expect(draft()).toBe("");
  await press("Close");
  await press("Bring your history");
  const dataTransfer = { types: ["Files"], files: [exportFile("other.json", '{"name":"x"}')] };
  fireEvent(
    dialog() ?? window,
    Object.assign(new Event("drop", { bubbles: true, cancelable: true }), { dataTransfer }),
  );
  await settle();
  expect(dialog()?.textContent).toContain("Import the conversations of other.json");
  await press("Import");
  expect([uploads.length, draft()]).toEqual([1, ""]);
});

test("[IMPORT-3] closing the dialog leaves it running and says so; its end is told, with the way to the report", async () => {
  const { press, dialog, choose, finish } = await page();
  await press("Bring your history");
  await choose(exportFile());
  await press("Close");
  expect(dialog()).toBeNull();
  expect(document.querySelector(".toast")?.textContent).toContain("The import goes on.");
  await press("Show");
  expect(screen.getByRole("progressbar")).toBeTruthy();
  expect(document.querySelector(".toast")).toBeNull();
  await press("Close");
  await finish();
  expect(document.querySelector(".toast")?.textContent).toContain("Import: 3 conversations came in");
  await press("Show the report");
  expect(dialog()?.textContent).toContain("3 conversations came in");
  await press("Import another file");
  expect(screen.getByRole("button", { name: "Choose files…" })).toBeTruthy();
});

test("[IMPORT-3] Stop ends it, and says that what came in stays", async () => {
  const { press, dialog, choose, hear } = await page();
  await press("Bring your history");
  await choose(exportFile());
  await hear((upload) => upload.event(1, "progress", { share: 0.2, read: 2, added: 2, grown: 0, messages: 8 }));
  await press("Stop");
  expect(dialog()?.textContent).toContain("What came in before stays: 2 conversations.");
});

test("[IMPORT-2] a file that can't be read says why in the server's sentence, also where the dialog is closed", async () => {
  const { press, dialog, choose, hear } = await page();
  const detail = "The file is no JSON; it has to be an export.";
  const fail = () =>
    hear((upload) => {
      upload.event(1, "error", { code: "unreadable_file", detail, report: importReport() });
      upload.finish();
    });
  await press("Bring your history");
  await choose(exportFile());
  await fail();
  expect(within(dialog() ?? document.body).getByRole("alert").textContent).toBe(`conversations.json: ${detail}`);
  await press("Import another file");
  await choose(exportFile());
  await press("Close");
  await fail();
  expect(document.querySelector('.toast[role="alert"]')).not.toBeNull();
});

test("what is dropped while one runs shows that one, and begins nothing", async () => {
  const { press, choose, drop, uploads } = await page();
  await press("Bring your history");
  await choose(exportFile());
  await press("Close");
  await drop(exportFile("other.json"));
  expect([screen.getByRole("progressbar").getAttribute("aria-label"), uploads.length]).toEqual([
    "Sending conversations.json",
    1,
  ]);
});

test("files that are dragged over the page are told what will become of them, until they are dropped or gone", async () => {
  const { settle } = await page();
  const fire = (name: string, more: object = {}) => {
    const event = new Event(name, { cancelable: true });
    fireEvent(window, Object.assign(event, { dataTransfer: { types: ["Files"], files: [] }, ...more }));
  };
  const drag = async (name: string, more: object = {}) => {
    fire(name, more);
    for (let turns = 0; turns < 2; turns++) await settle();
    return document.querySelectorAll(".drop-overlay").length;
  };
  fire("dragover");
  expect(await drag("drop"), "dropped before there was anything to show").toBe(0);
  expect([await drag("dragover"), await drag("dragover")]).toEqual([1, 1]);
  expect(await drag("dragleave", { relatedTarget: document.body })).toBe(1);
  expect(await drag("dragleave", { relatedTarget: null })).toBe(0);
  expect(await drag("dragover")).toBe(1);
  expect(await drag("drop")).toBe(0);
  expect(await drag("dragover", { dataTransfer: { types: ["text/plain"] } })).toBe(0);
  for (const lost of ["dragend", "pointermove"]) {
    expect(await drag("dragover")).toBe(1);
    expect(await drag(lost), "the browser tells no more of it").toBe(0);
  }
});

test("what becomes of dragged files is told over a dialog, too, behind which nothing is seen", async () => {
  const { settle, press } = await page();
  await press("Settings");
  fireEvent(window, Object.assign(new Event("dragover"), { dataTransfer: { types: ["Files"], files: [] } }));
  for (let turns = 0; turns < 2; turns++) await settle();
  const overlay = document.querySelector(".drop-overlay");
  expect([overlay === null, overlay?.closest("dialog")?.querySelector("h2")?.textContent]).toEqual([false, "Settings"]);
  fireEvent(window, new Event("dragend"));
});
