/** The settings on the whole page: what is chosen holds, at once and after a reload, or is taken back with its reason. */
import { fireEvent, screen } from "@testing-library/preact";
import { afterEach, expect, test, vi } from "vitest";
import { full, increment, row } from "../../test/scripted-device.ts";
import { memoryKeyValue } from "../../test/test-environment.ts";
import { wholePage } from "../../test/whole-page.tsx";
import { failure } from "../sync/device.ts";
import { GERMAN } from "../words/german/german.ts";
import { LANGUAGES } from "../words/language.ts";
import { createSettingsStore, DEFAULT_SETTINGS } from "./settings-store.ts";

afterEach(() => vi.unstubAllGlobals());

async function settings(screenOf: Parameters<typeof wholePage>[2] = {}, options: Parameters<typeof wholePage>[1] = {}) {
  const whole = await wholePage("/", options, screenOf);
  await whole.transport.last.answer(full(100, [row("a", 10)]));
  await whole.settle();
  const press = async (name: string) => {
    fireEvent.click(screen.getByRole("button", { name }));
    await whole.settle();
  };
  const flip = async (name: RegExp | string, role = "switch") => {
    fireEvent.click(screen.getByRole(role, { name }));
    await whole.settle();
  };
  await press("Settings");
  await screen.findByRole("dialog", { name: "Settings" });
  const isOn = (name: RegExp) => screen.getByRole<HTMLInputElement>("switch", { name }).checked;
  return { ...whole, press, flip, isOn, stored: () => createSettingsStore(whole.page.keyValue).get() };
}

test("each choice is kept with the others, and the theme is on the page at once", async () => {
  const { flip, stored } = await settings();
  await flip("Dark", "radio");
  await flip("New line", "radio");
  await flip(/written/);
  expect(stored()).toEqual({ ...DEFAULT_SETTINGS, theme: "dark", enterKey: "newline", isStreaming: false });
});

test("another language is on the whole page at once, in the dialog that stays, and kept; back again, all is as it was", async () => {
  const { flip, stored, settle } = await settings();
  const list = screen.getByRole("navigation", { name: "Conversations", hidden: true });
  await flip("Deutsch", "radio");
  await settle();
  expect(screen.getByRole("dialog", { name: "Einstellungen" })).toBeTruthy();
  expect(screen.getByRole<HTMLInputElement>("radio", { name: "Deutsch" }).checked).toBe(true);
  expect([document.documentElement.lang, stored().language, list.isConnected]).toEqual(["de", "de", false]);
  await flip("Wie der Browser", "radio");
  await settle();
  expect(screen.getByRole("dialog", { name: "Settings" })).toBeTruthy();
  expect([document.documentElement.lang, stored().language]).toEqual(["en", "auto"]);
});

test("of two languages that are chosen one after the other the later one is kept and marked, and only it is told to have failed", async () => {
  const { flip, stored, settle } = await settings();
  const marked = () => screen.getByRole<HTMLInputElement>("radio", { name: "English" }).checked;
  for (const end of ["resolve", "reject"] as const) {
    const { promise, ...late } = Promise.withResolvers<typeof GERMAN>();
    const load = vi.spyOn(LANGUAGES.de, "load").mockReturnValueOnce(promise);
    await flip("Deutsch", "radio");
    await flip("English", "radio");
    if (end === "resolve") late.resolve(GERMAN);
    else late.reject(new TypeError("No network"));
    await settle();
    expect([document.documentElement.lang, stored().language, marked()], end).toEqual(["en", "en", true]);
    expect(screen.queryByRole("alert"), end).toBeNull();
    load.mockRestore();
  }
});

test("shared reading is asked of the server, and the page asks anew what holds then", async () => {
  const { flip, isOn, transport, accountChanges } = await settings();
  transport.answers.patchMe = () => ({});
  await flip(/Share reading/);
  expect(transport.named("patchMe")).toEqual([[{ preferences: { unread_scope: "account" } }]]);
  expect([isOn(/Share reading/), accountChanges()]).toEqual([true, 1]);
});

test("shared reading that the server refused is taken back and says why, until it works", async () => {
  const { flip, isOn, transport, accountChanges } = await settings();
  transport.answers.patchMe = () => failure("unreachable", "");
  await flip(/Share reading/);
  expect([isOn(/Share reading/), accountChanges()]).toEqual([false, 0]);
  expect(screen.getByRole("alert").textContent).toBe("Not changed. The server can't be reached.");
  transport.answers.patchMe = () => ({});
  await flip(/Share reading/);
  expect([isOn(/Share reading/), screen.queryByText(/The server can't be reached\./)]).toEqual([true, null]);
});

test("notifications are on only where the browser granted them, and stay on over a reload", async () => {
  const granted = await settings();
  await granted.flip(/Notify me/);
  expect([granted.isOn(/Notify me/), granted.stored().hasNotifications]).toEqual([true, true]);
  await granted.flip(/Notify me/);
  expect([granted.isOn(/Notify me/), granted.stored().hasNotifications]).toEqual([false, false]);
  granted.device.stop();
  granted.unmount();
  const refused = await settings({ answer: "denied" });
  await refused.flip(/Notify me/);
  expect([refused.isOn(/Notify me/), refused.stored().hasNotifications]).toEqual([false, false]);
});

test("notifications that were wanted are shown as off where the browser has not granted them, or not any longer", async () => {
  const keyValue = memoryKeyValue();
  createSettingsStore(keyValue).change({ hasNotifications: true });
  for (const permission of ["default", "denied", "granted"] as const) {
    const { isOn, device, unmount } = await settings({ keyValue, permission });
    expect([permission, isOn(/Notify me/)]).toEqual([permission, permission === "granted"]);
    device.stop();
    unmount();
  }
});

test("a push says what it has to say in the language that was chosen last", async () => {
  const kept: unknown[] = [];
  const put = async (_name: string, words: Response) => void kept.push(await words.json());
  vi.stubGlobal("caches", { open: async () => ({ put }) });
  const { flip, settle } = await settings();
  await flip("Deutsch", "radio");
  await settle();
  expect(kept).toEqual([expect.objectContaining({ untitled: GERMAN["New chat"] })]);
  await flip("English", "radio");
  await settle();
  expect(kept.at(-1)).toMatchObject({ untitled: "New chat" });
  vi.unstubAllGlobals();
});

test("marking all as read closes the settings, leaves alone what was opened meanwhile, and can be undone", async () => {
  const { press, transport, environment, settle } = await settings();
  await press("Close");
  await environment.advance(60_000);
  await transport.last.answer(increment(110, [row("a", 12, { at: 110 })]));
  await settle();
  expect(document.title).toBe("(1) Instep");
  await press("Settings");
  const read = Promise.withResolvers<void>();
  transport.answers.markRead = async () => {
    await read.promise;
    return failure("unreachable", "");
  };
  fireEvent.click(screen.getByRole("button", { name: "Mark all as read" }));
  await settle();
  expect(screen.queryByRole("dialog")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: /^Sync/ }));
  await settle();
  await screen.findByRole("dialog", { name: "Sync" });
  read.resolve();
  await settle();
  expect([document.title, screen.queryByRole("dialog", { name: "Sync" }) !== null]).toEqual(["Instep", true]);
  expect(screen.getByText("All chats are marked as read")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Undo" }));
  await settle();
  expect(document.title).toBe("(1) Instep");
});

async function account() {
  const whole = await settings();
  await whole.press("Account");
  const name = await screen.findByLabelText("Your name", { selector: "input" });
  const rename = async (to: string) => {
    fireEvent.input(name, { target: { value: to } });
    fireEvent.submit(screen.getByRole("form", { name: "Your name" }));
    await whole.settle();
  };
  return { ...whole, rename };
}

test("a name that is changed is asked of the server, and known on the page only where it took it", async () => {
  const { rename, transport, accountChanges, press } = await account();
  transport.answers.patchMe = () => failure("unreachable", "");
  await rename("Anna");
  expect([screen.getByRole("alert").textContent, accountChanges()]).toEqual([
    expect.stringContaining("The server can't be reached."),
    0,
  ]);
  transport.answers.patchMe = () => ({});
  await rename("Anna");
  expect(transport.named("patchMe").at(-1)).toEqual([{ name: "Anna" }]);
  expect(accountChanges()).toBe(1);
  await press("Back");
  expect(screen.getByRole("dialog", { name: "Settings" })).toBeTruthy();
});

const pressOn = (target: HTMLElement) => {
  fireEvent.pointerDown(target);
  fireEvent.click(target);
};

test("a press beside the account closes it, until something is written there: a new token is shown only once", async () => {
  const { press, settle } = await account();
  const beside = () => pressOn(screen.getByRole("dialog", { name: "Account" }));
  beside();
  await settle();
  expect(screen.queryByRole("dialog")).toBeNull();
  await press("Settings");
  await press("Account");
  fireEvent.input(await screen.findByLabelText("Your name", { selector: "input" }), { target: { value: "An" } });
  beside();
  await settle();
  expect(screen.queryByRole("dialog", { name: "Account" })).not.toBeNull();
  await press("Back");
  await press("Account");
  beside();
  await settle();
  expect(screen.queryByRole("dialog"), "what was written went with the way back").toBeNull();
});

test("a press beside the account closes it again once what was written there is saved, or stands as it was, and no more than that", async () => {
  vi.stubGlobal("fetch", async (_address: string, init?: RequestInit) =>
    init?.method === "POST"
      ? Response.json({ id: "t", name: "Robot", token: "secret", created_at: "2026-01-01T12:00:00.000000Z" })
      : Response.json({ sessions: [], tokens: [], passkeys: [] }),
  );
  const { press, settle, transport } = await settings({}, { hasSignIn: true });
  await press("Account");
  const isOpen = () => screen.queryByRole("dialog", { name: "Account" }) !== null;
  const field = (label: string) => screen.getByLabelText(label, { selector: "input" });
  const write = (label: string, value: string) => fireEvent.input(field(label), { target: { value } });
  const submit = async (name: string) => {
    fireEvent.submit(screen.getByRole("form", { name }));
    await settle();
  };
  const beside = async () => {
    await settle();
    pressOn(screen.getByRole("dialog", { name: "Account" }));
    await settle();
    const stays = isOpen();
    if (stays) return "stays";
    await press("Settings");
    await press("Account");
    return "closes";
  };
  await screen.findByLabelText("Your name", { selector: "input" });
  const name = (field("Your name") as HTMLInputElement).value;
  write("Your name", "An");
  expect(await beside()).toBe("stays");
  write("Your name", name);
  expect(await beside()).toBe("closes");
  transport.answers.patchMe = () => failure("unreachable", "");
  write("Your name", "Anna");
  await submit("Your name");
  expect(await beside(), "what could not be saved").toBe("stays");
  transport.answers.patchMe = () => ({});
  write("New password", "half a passw");
  await submit("Your name");
  expect(await beside(), "what is written elsewhere").toBe("stays");
  write("New password", "");
  expect(await beside(), "all is saved").toBe("closes");
  write("Token name", "Robot");
  await submit("New token");
  expect(await beside(), "a token is shown only once").toBe("stays");
  await press("Done");
  expect(await beside()).toBe("closes");
});

test("a choice of the account's that fails once the settings are closed is told of", async () => {
  const { flip, press, settle, transport } = await settings();
  const answer = Promise.withResolvers<ReturnType<typeof failure>>();
  transport.answers.patchMe = () => answer.promise;
  await flip(/Share reading/);
  await press("Close");
  answer.resolve(failure("unreachable", ""));
  await settle();
  expect(screen.getByRole("alert").textContent).toContain("Not changed. The server can't be reached.");
});
