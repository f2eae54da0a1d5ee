/** Whoever leaves for good takes everything of theirs along, from this browser too; whoever could not leave has lost nothing. */
import { fireEvent, screen, waitFor } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { full, row } from "../../test/scripted-device.ts";
import { wholePage } from "../../test/whole-page.tsx";

const ME = "5f0e9a52-0c0f-4a64-8a0e-3f7d2b1c4e03";
let left: string[] = [];
let pushesEnded = 0;
let isRefused = false;

beforeEach(() => {
  [left, pushesEnded, isRefused] = [[], 0, false];
  vi.spyOn(location, "assign").mockImplementation((to) => void left.push(String(to)));
  const unsubscribe = async () => ++pushesEnded > 0;
  const pushManager = { getSubscription: async () => ({ unsubscribe }) };
  const workers = Object.assign(new EventTarget(), { getRegistration: async () => ({ pushManager }) });
  vi.stubGlobal("navigator", { userAgent: "Chrome", serviceWorker: workers });
  vi.stubGlobal("fetch", async () =>
    isRefused
      ? Response.json({ code: "sign_in_refused", title: "No.", status: 403 }, { status: 403 })
      : Response.json({ sessions: [], tokens: [], passkeys: [] }),
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** The settings of somebody who has signed in, has a draft and is told by pushes; another account has a draft here too. */
async function signedIn() {
  const whole = await wholePage("/", { me: ME, hasSignIn: true });
  const { transport, settle, page } = whole;
  await transport.last.answer(full(100, [row("a", 10)]));
  page.keyValue.set(`instep.draft.new@${ME}`, "half a thought");
  page.keyValue.set(`instep.push@${ME}`, "https://push.example/a");
  page.keyValue.set("instep.draft.new@another", "somebody else's");
  await settle();
  const press = async (name: string) => {
    fireEvent.click(screen.getByRole("button", { name }));
    await settle();
  };
  await press("Settings");
  await screen.findByRole("dialog", { name: "Settings" });
  const stopped = vi.spyOn(whole.device, "stop");
  const kept = () =>
    page.keyValue
      .keys()
      .filter((key) => /draft|push/.test(key))
      .toSorted();
  return { ...whole, press, kept, stopped };
}

const ANOTHERS = "instep.draft.new@another";
const OWN = `instep.draft.new@${ME}`;
const PUSH = `instep.push@${ME}`;

async function erase({ press, settle }: Pick<Awaited<ReturnType<typeof signedIn>>, "press" | "settle">) {
  await press("Account");
  await press("Delete my account…");
  fireEvent.input(screen.getByLabelText("Your password", { selector: "input" }), { target: { value: "secret" } });
  fireEvent.submit(screen.getByRole("form", { name: "Delete account" }));
  await settle();
}

test("[SIGN-7] an account that was erased leaves nothing here: no draft, no push, and no device that writes on", async () => {
  const whole = await signedIn();
  await erase(whole);
  await waitFor(() => expect(left).toEqual(["/"]));
  expect([whole.kept(), pushesEnded, whole.stopped.mock.calls.length]).toEqual([[ANOTHERS], 1, 1]);
});

test("[SIGN-7] one that could not be erased is all there still", async () => {
  const whole = await signedIn();
  isRefused = true;
  await erase(whole);
  expect(screen.getByText("The password is not right.")).toBeTruthy();
  expect([left, whole.kept(), pushesEnded, whole.stopped.mock.calls]).toEqual([[], [OWN, ANOTHERS, PUSH], 0, []]);
});

test("[PUSH-1] whoever signs out is told no more, and finds what was written when they are back", async () => {
  const { press, kept, drafts, page } = await signedIn();
  drafts.set("a", "removed by another tab, which has sent its own");
  page.keyValue.remove("instep.draft.a");
  await press("Sign out");
  await waitFor(() => expect(left).toEqual(["/"]));
  expect([kept(), pushesEnded]).toEqual([["instep.draft.a", OWN, ANOTHERS], 1]);
});

test("[PUSH-1] whoever could not sign out is told on, and why", async () => {
  const { press, kept } = await signedIn();
  isRefused = true;
  await press("Sign out");
  expect(screen.getByRole("alert").textContent).toMatch(/^Not signed out\./);
  expect([left, kept(), pushesEnded]).toEqual([[], [OWN, ANOTHERS, PUSH], 0]);
});

test("whoever has closed the settings before the answer is told all the same that he is not signed out", async () => {
  const { press, settle } = await signedIn();
  const answer = Promise.withResolvers<Response>();
  vi.stubGlobal("fetch", () => answer.promise);
  await press("Sign out");
  await press("Close");
  answer.reject(new TypeError("Failed to fetch"));
  await settle();
  expect(left).toEqual([]);
  expect(screen.getByRole("alert").textContent).toContain("Not signed out. The server can't be reached.");
});

test("the same of whoever wanted to be signed out everywhere", async () => {
  const { press, settle } = await signedIn();
  await press("Account");
  await screen.findByRole("button", { name: "Sign out everywhere" });
  const answer = Promise.withResolvers<Response>();
  vi.stubGlobal("fetch", () => answer.promise);
  await press("Sign out everywhere");
  await press("Close");
  answer.reject(new TypeError("Failed to fetch"));
  await settle();
  expect(left).toEqual([]);
  expect(screen.getByRole("alert").textContent).toContain("Not changed. The server can't be reached.");
});

test("the same of whoever wanted a token, and has one that nobody knows of or none", async () => {
  const { press, settle } = await signedIn();
  await press("Account");
  fireEvent.input(await screen.findByLabelText("Token name"), { target: { value: "script" } });
  const answer = Promise.withResolvers<Response>();
  vi.stubGlobal("fetch", () => answer.promise);
  fireEvent.submit(screen.getByRole("form", { name: "New token" }));
  await settle();
  await press("Close");
  answer.reject(new TypeError("Failed to fetch"));
  await settle();
  expect(screen.getByRole("alert").textContent).toContain("Not changed. The server can't be reached.");
});

test("[SIGN-3] whoever goes back to a page that was signed out, and that the browser has kept, sees nothing of it, with no network either", async () => {
  const reload = vi.spyOn(location, "reload").mockImplementation(() => undefined);
  const { press } = await signedIn();
  await press("Sign out");
  await waitFor(() => expect(left).toEqual(["/"]));
  expect(document.body.style.display).toBe("");
  window.dispatchEvent(Object.assign(new Event("pagehide"), { persisted: true }));
  expect(document.body.style.display).toBe("none");
  window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  expect(reload).toHaveBeenCalled();
  document.body.style.display = "";
});
