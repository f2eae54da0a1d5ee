/** What the page does where its session ends, and where somebody signs in again, here or in another tab of the browser. */
import { act, cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { full, row } from "../../../packages/sync-client/test/scripted-server.ts";
import { wholeDevice } from "../../../packages/sync-client/test/whole-device.ts";
import { exportFile } from "../test/import-reports.ts";
import { scriptUploads } from "../test/scripted-uploads.ts";
import { testEnvironment, type TestEnvironment } from "../test/test-environment.ts";
import { Root } from "./root.tsx";

const ANN = "5f0e9a52-0c0f-4a64-8a0e-3f7d2b1c4e03";
const BOB = "5f0e9a52-0c0f-4a64-8a0e-3f7d2b1c4e04";
const REFUSED = () => Response.json({ code: "unauthorized", title: "Sign in first.", status: 401 }, { status: 401 });

/** Who is signed in; null: nobody. */
let account: string | null = ANN;
let isAway = false;
/** Somebody can sign in, and that is all. */
let goesAway = false;
let problem: object | undefined;

/** The server. It answers nothing that says another account than the one that is in. */
async function answer(address: string, call: RequestInit = {}): Promise<Response> {
  if (isAway) throw new TypeError("Failed to fetch");
  const path = new URL(address, "http://here").pathname.replace("/api/", "");
  const meant = new Headers(call.headers).get("instep-account") ?? account;
  const { config, me } = wholeDevice({ hasSignIn: true, me: account ?? "" }).boot;
  if (path === "config") return Response.json({ ...config, ...(problem && { models_problem: problem }) });
  if (path === "auth/sign-in/email") [account, isAway] = [ANN, goesAway];
  else if (account === null || meant !== account) return REFUSED();
  if (path === "me") return Response.json({ ...me, name: account, email: "ann@example.com" });
  if (path === "conversations/sync") {
    syncs += 1;
    return Response.json(full(100, [row("a", 2)]));
  }
  return path.startsWith("auth/") ? Response.json({}) : new Promise(() => undefined);
}

let asked = 0;
let syncs = 0;

beforeEach(() => {
  [account, isAway, goesAway, problem, asked, syncs] = [ANN, false, false, undefined, 0, 0];
  vi.stubGlobal("fetch", (input: RequestInfo | URL, call?: RequestInit) => {
    asked += 1;
    return answer(input instanceof Request ? input.url : input.toString(), call);
  });
  window.history.replaceState(null, "", "/");
});
afterEach(() => {
  // Its device asks no more.
  cleanup();
  vi.unstubAllGlobals();
  localStorage.clear();
});

const settle = () =>
  act(async () => {
    for (let turns = 0; turns < 3; turns++) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      await vi.dynamicImportSettled();
    }
  });

const there = (what: () => unknown) =>
  expect
    .poll(
      async () => {
        await settle();
        return what() !== null && what() !== false;
      },
      { timeout: 10_000 },
    )
    .toBe(true);

/** The page of one who is signed in. */
async function page(): Promise<TestEnvironment> {
  const environment = testEnvironment();
  render(<Root environment={environment} />);
  await there(() => screen.queryByRole("textbox", { name: "Message" }));
  return environment;
}

const box = () => screen.queryByRole<HTMLTextAreaElement>("textbox", { name: "Message" });

async function write(text: string): Promise<void> {
  fireEvent.input(box() ?? document.body, { target: { value: text } });
  await settle();
}

async function signIn(): Promise<void> {
  fireEvent.input(screen.getByLabelText("Password"), { target: { value: "correct horse" } });
  fireEvent.submit(screen.getByRole("form", { name: "Sign in" }));
  await settle();
}

/** The session ends, and the page notices. */
async function signOut(): Promise<void> {
  account = null;
  window.dispatchEvent(new Event("online"));
  await there(() => screen.queryByRole("form", { name: "Sign in" }));
}

test("[SYNC-9] a page that asks again for its settings stays with whom it shows, whoever has signed in in another tab", async () => {
  problem = { code: "model_unreachable", detail: "No model." };
  const environment = await page();
  await there(() => screen.queryByText("No model."));
  // A sync that is asked only now would end her session here.
  await there(() => syncs > 0);
  await write("Ann's thought");
  account = BOB;
  const before = asked;
  await there(() => {
    environment.advance(10_000);
    return asked > before;
  });
  await settle();
  expect(box()?.value).toBe("Ann's thought");
});

test("[SIGN-3] whoever has signed in, and whose page can't be had then, is told so, and can try again", async () => {
  await page();
  await signOut();
  goesAway = true;
  await signIn();
  expect(screen.getByRole("alert").textContent).toContain("The server can't be reached.");
  [isAway, goesAway] = [false, false];
  await signIn();
  await there(box);
});

test("[IMPORT-3] an import that the session's end has cut off is told of once its person is in again, and goes on for nobody else", async () => {
  const uploads = scriptUploads();
  await page();
  await there(() => screen.queryByRole("button", { name: "Bring your history" }));
  fireEvent.click(screen.getByRole("button", { name: "Bring your history" }));
  await there(() => screen.queryByLabelText("Files to import"));
  fireEvent.input(screen.getByLabelText("Files to import"), { target: { files: [exportFile()] } });
  await settle();
  let hasStopped = false;
  uploads[0]?.addEventListener("abort", () => void (hasStopped = true));
  await signOut();
  expect(hasStopped).toBe(true);
  await signIn();
  await there(() => document.querySelector(".toast"));
  expect(screen.getByRole("alert").textContent).toContain("Import the file again: it goes on from there.");
});
