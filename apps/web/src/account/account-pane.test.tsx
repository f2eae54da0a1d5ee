/** The account's part of the settings, over calls that a test answers. */
import type { Me, SessionList, TokenList } from "@instep/protocol";
import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { settle } from "../../test/settle.ts";
import { testEnvironment } from "../../test/test-environment.ts";
import { EnvironmentProvider } from "../environment.ts";
import { failure } from "../sync/device.ts";
import type { AccountCalls } from "./account-calls.ts";
import { AccountPane } from "./account-pane.tsx";

const ME: Me = { id: "ann", email: "ann@example.com", name: "Ann", preferences: { unread_scope: "device" } };
const LINUX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";

function account(answers: Partial<AccountCalls> = {}, { hasSignIn = true, me = ME } = {}) {
  const environment = testEnvironment();
  const at = new Date(environment.now()).toISOString();
  const times = { created_at: at, last_used_at: at, expires_at: at };
  let sessions: SessionList["sessions"] = [
    { id: "here", device: LINUX, ...times, is_current: true },
    { id: "phone", device: "Mozilla/5.0 (iPhone) Safari/604.1", ...times, is_current: false },
  ];
  let tokens: TokenList["tokens"] = [];
  const asked: unknown[] = [];
  const log = async (...call: unknown[]) => {
    asked.push(call);
    return {};
  };
  const calls: AccountCalls = {
    sessions: async () => ({ sessions }),
    endSession: async (id) => {
      sessions = sessions.filter((session) => session.id !== id);
      return log("endSession", id);
    },
    endSessions: async (others) => {
      sessions = sessions.filter((session) => session.is_current);
      return log("endSessions", others);
    },
    tokens: async () => ({ tokens }),
    makeToken: async ({ name, expires_in_days: days }) => {
      asked.push(["makeToken", name, days]);
      const token = {
        id: tokens.length === 0 ? "made" : `made-${tokens.length}`,
        name,
        ...times,
        expires_at: days === undefined ? null : at,
      };
      tokens = [...tokens, token];
      return { ...token, token: "instep_secret" };
    },
    endToken: async (id) => {
      tokens = tokens.filter((token) => token.id !== id);
      return log("endToken", id);
    },
    passkeys: async () => ({ passkeys: [] }),
    addPasskey: async () => failure("aborted", ""),
    renamePasskey: async () => failure("aborted", ""),
    removePasskey: async () => failure("aborted", ""),
    changePassword: (present, chosen) => log("changePassword", present, chosen),
    erase: (password) => log("erase", password),
    ...answers,
  };
  const told: string[] = [];
  render(
    <EnvironmentProvider value={environment}>
      <AccountPane
        me={me}
        hasSignIn={hasSignIn}
        calls={calls}
        onRename={(name) => log("rename", name)}
        onChanged={() => void told.push("changed")}
        onSignedOut={() => void told.push("signed out")}
        onErased={() => void told.push("erased")}
      />
    </EnvironmentProvider>,
  );
  return { asked, told, environment };
}

const type = (label: string, value: string) =>
  fireEvent.input(screen.getByLabelText(label, { selector: "input" }), { target: { value } });
async function press(name: string) {
  const button = screen.getByRole("button", { name });
  button.focus();
  fireEvent.click(button);
  await settle();
}
async function submit(name: string) {
  fireEvent.submit(screen.getByRole("form", { name }));
  await settle();
}
const statusText = () =>
  screen
    .getAllByRole("status")
    .map((status) => status.textContent)
    .join("");

test("[SIGN-6] sessions are shown with their devices, this browser marked; one ends alone, and the focus is not lost", async () => {
  const { asked, told } = account();
  await settle();
  const rows = within(screen.getByRole("list", { name: "Sessions" })).getAllByRole("listitem");
  expect(rows.map((row) => row.textContent)).toEqual([
    "Chrome on LinuxThis browser",
    "Safari on iPhoneUsed within the last hourSign out",
  ]);
  await press("Sign out Safari on iPhone");
  expect([asked, told]).toEqual([[["endSession", "phone"]], []]);
  expect(screen.queryByText(/iPhoneUsed/)).toBeNull();
  expect(statusText()).toContain("Safari on iPhone is signed out.");
  expect(document.activeElement?.textContent).toBe("Where you are signed in");
  expect(screen.queryByRole("button", { name: "Sign out everywhere else" })).toBeNull();
});

test("[SIGN-6] everywhere else leaves this browser in, everywhere doesn't", async () => {
  const { asked, told } = account();
  await settle();
  await press("Sign out everywhere else");
  expect([asked, told]).toEqual([[["endSessions", true]], []]);
  await press("Sign out everywhere");
  expect([asked.at(-1), told]).toEqual([["endSessions", false], ["signed out"]]);
});

test("[SIGN-6] what could not be ended is said, and stays in the list", async () => {
  const { told } = account({
    endSession: async () => failure("unreachable", ""),
    endSessions: async () => failure("unreachable", ""),
  });
  await settle();
  await press("Sign out Safari on iPhone");
  expect(screen.getByRole("alert").textContent).toContain("The server can't be reached.");
  await press("Sign out everywhere");
  expect([told, screen.getAllByText(/Safari on iPhone/)]).toEqual([[], [expect.anything()]]);
});

test("[SIGN-5] a token is made with its name and its end, shown once with Copy, listed, and taken away", async () => {
  const { asked, environment } = account();
  await settle();
  type("Token name", "  Backup ");
  await userEvent.selectOptions(screen.getByLabelText("Lasts"), "30");
  await submit("New token");
  expect(asked).toEqual([["makeToken", "Backup", 30]]);
  expect(document.activeElement?.textContent).toBe("Copy");
  await press("Copy");
  expect(environment.copied).toEqual(["instep_secret"]);
  await press("Done");
  expect(screen.queryByText("instep_secret")).toBeNull();
  type("Token name", "Lasting");
  await userEvent.selectOptions(screen.getByLabelText("Lasts"), "");
  await submit("New token");
  expect(asked.at(-1)).toEqual(["makeToken", "Lasting", undefined]);
  const rows = within(screen.getByRole("list", { name: "Tokens" })).getAllByRole("listitem");
  expect(rows.map((row) => /until|no end/.exec(row.textContent ?? "")?.[0])).toEqual(["until", "no end"]);
});

test("[SIGN-5] a token that is deleted while it is shown is shown no more", async () => {
  const { asked } = account();
  await settle();
  type("Token name", "Backup");
  await submit("New token");
  await press("Delete Backup");
  expect([asked.at(-1), screen.queryByText("instep_secret")]).toEqual([["endToken", "made"], null]);
  expect(statusText()).toContain("Backup lets nobody in any more.");
  expect(document.activeElement?.textContent).toBe("Tokens for programs");
});

test("[SIGN-5] a token that nothing else is chosen for ends after 90 days, and stays to be copied while another one is deleted", async () => {
  const { asked } = account();
  await settle();
  for (const name of ["Old", "New"]) {
    type("Token name", name);
    await submit("New token");
  }
  expect(asked).toEqual([
    ["makeToken", "Old", 90],
    ["makeToken", "New", 90],
  ]);
  await press("Delete Old");
  expect([asked.at(-1), screen.queryByText("instep_secret") !== null]).toEqual([["endToken", "made"], true]);
  await press("Delete New");
  expect([asked.at(-1), screen.queryByText("instep_secret")]).toEqual([["endToken", "made-1"], null]);
});

test("[SIGN-6] a password is changed by whoever knows the present one, in words where not, and its fields are emptied", async () => {
  const outcomes = [failure("sign_in_refused", ""), {}];
  let listings = 0;
  const sessions = async () => {
    listings += 1;
    return { sessions: [] };
  };
  account({ sessions, changePassword: async () => outcomes.shift() ?? {} });
  await settle();
  type("Present password", "incorrect horse");
  type("New password", "battery staple");
  await submit("Password");
  expect(screen.getByRole("alert").textContent).toBe("The present password is not right.");
  expect(listings).toBe(1);
  await submit("Password");
  expect(listings, "the others have ended").toBe(2);
  expect(screen.queryByRole("alert")).toBeNull();
  expect(statusText()).toContain("Your password is changed.");
  const fields = ["Present password", "New password"].map((label) => screen.getByLabelText<HTMLInputElement>(label));
  expect(fields.map(({ value }) => value)).toEqual(["", ""]);
});

test("[SIGN-7] the account is deleted only after its password, and keeping it keeps the focus", async () => {
  const { asked, told } = account();
  await settle();
  await press("Delete my account…");
  expect([asked, document.activeElement]).toEqual([[], screen.getByLabelText("Your password")]);
  await press("Keep my account");
  expect(document.activeElement?.textContent).toBe("Delete my account…");
  await press("Delete my account…");
  type("Your password", "correct horse");
  await submit("Delete account");
  expect([asked, told]).toEqual([[["erase", "correct horse"]], ["erased"]]);
});

test("[SIGN-7] a wrong password deletes nothing, and is said", async () => {
  const { told } = account({ erase: async () => failure("sign_in_refused", "") });
  await settle();
  await press("Delete my account…");
  type("Your password", "incorrect horse");
  await submit("Delete account");
  expect([told, screen.getByRole("alert").textContent]).toEqual([[], "The password is not right."]);
});

test("[SIGN-9] the export is this account's, whoever is signed in when the link is followed; without sign-in there is little else", async () => {
  account({}, { hasSignIn: false });
  await settle();
  expect(screen.getByRole("link", { name: "Export" }).getAttribute("href")).toBe("/api/export?account=ann");
  expect(screen.getAllByRole("heading").map((heading) => heading.textContent)).toEqual(["Name", "Your conversations"]);
});

test("a name is saved without the white space around it, and one of nothing else is not", async () => {
  const { asked } = account();
  await settle();
  type("Your name", "   ");
  await submit("Your name");
  type("Your name", " Anna ");
  await submit("Your name");
  expect(asked).toEqual([["rename", "Anna"]]);
  expect(statusText()).toContain("Your name is changed.");
});

test("[SIGN-10] who has no password sets a first one, and deletes the account without one", async () => {
  const { asked, told } = account({}, { me: { ...ME, has_password: false } });
  await settle();
  expect(screen.queryByLabelText("Present password")).toBeNull();
  await press("Delete my account…");
  expect([screen.queryByLabelText("Your password"), document.activeElement?.textContent]).toEqual([
    null,
    "Keep my account",
  ]);
  await submit("Delete account");
  expect([asked, told]).toEqual([[["erase", ""]], ["erased"]]);
  type("New password", "battery staple");
  await submit("Password");
  expect([asked.at(-1), told.at(-1)]).toEqual([["changePassword", "", "battery staple"], "changed"]);
  expect(screen.getByLabelText("Present password")).toBeTruthy();
});

test.each([true, false])(
  "[SIGN-7] the second click of a double one deletes no account (with a password: %s)",
  async (hasPassword) => {
    const { asked } = account({}, { me: { ...ME, has_password: hasPassword } });
    await settle();
    await press("Delete my account…");
    if (hasPassword) type("Your password", "correct horse");
    const erase = screen.getByRole("button", { name: "Delete everything for good" });
    expect(fireEvent.click(erase, { detail: 2 })).toBe(false);
    await settle();
    expect(asked).toEqual([]);
    expect(fireEvent.click(erase, { detail: 1 })).toBe(true);
    await settle();
    expect(asked).toEqual([["erase", hasPassword ? "correct horse" : ""]]);
  },
);

test.each([
  [0, "Used within the last hour"],
  [3_599_999, "Used within the last hour"],
  [2 * 3_600_000, "Used 2 h ago"],
  [3 * 86_400_000, "Used 3 d ago"],
])("[SIGN-6] a session says when it was used last: %i ms ago", async (ms, words) => {
  const { environment } = account();
  cleanup();
  const at = new Date(environment.now() - ms).toISOString();
  const session = { id: "phone", device: LINUX, created_at: at, last_used_at: at, expires_at: at, is_current: false };
  account({ sessions: async () => ({ sessions: [session] }) });
  await settle();
  expect(within(screen.getByRole("list", { name: "Sessions" })).getByRole("listitem").textContent).toContain(words);
});

test("a password that was written for deleting is not there any more once the account is kept", async () => {
  account();
  await settle();
  await press("Delete my account…");
  type("Your password", "correct horse");
  await press("Keep my account");
  await press("Delete my account…");
  expect(screen.getByLabelText<HTMLInputElement>("Your password", { selector: "input" }).value).toBe("");
});

test("while one session is being ended its row says that no other can be", async () => {
  const ending = Promise.withResolvers<object>();
  account({ endSession: () => ending.promise });
  await settle();
  await press("Sign out Safari on iPhone");
  const button = screen.getByRole("button", { name: "Sign out Safari on iPhone" });
  expect(button.getAttribute("aria-disabled")).toBe("true");
  await act(async () => ending.resolve({}));
  await settle();
  expect(button.getAttribute("aria-disabled")).toBe("false");
});

test("a double click in a list of the account ends one of it, and nothing more can be pressed before the list is there anew", async () => {
  const lists: PromiseWithResolvers<TokenList>[] = [];
  const ended: string[] = [];
  const times = { created_at: "2026-01-01T12:00:00.000Z", last_used_at: "2026-01-01T12:00:00.000Z", expires_at: null };
  const both = { tokens: ["one", "two"].map((name) => ({ id: name, name, ...times })) };
  account({
    tokens: () => {
      const list = Promise.withResolvers<TokenList>();
      lists.push(list);
      return list.promise;
    },
    endToken: async (id) => ended.push(id),
  });
  await act(async () => lists[0]?.resolve(both));
  const button = (name: string) => screen.getByRole("button", { name: `Delete ${name}` });
  fireEvent.click(button("one"), { detail: 1 });
  await settle();
  expect([button("two").getAttribute("aria-disabled"), lists.length]).toEqual(["true", 2]);
  await act(async () => lists[1]?.resolve({ tokens: both.tokens.slice(1) }));
  fireEvent.click(button("two"), { detail: 2 });
  await settle();
  expect(ended).toEqual(["one"]);
});
