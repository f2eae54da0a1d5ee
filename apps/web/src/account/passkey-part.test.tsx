import type { PasskeyList } from "@instep/protocol";
import { fireEvent, render, screen, within } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { settle } from "../../test/settle.ts";
import { type Failure, failure } from "../sync/device.ts";
import { accountCalls, type AccountCalls } from "./account-calls.ts";
import { PasskeyPart } from "./passkey-part.tsx";

const times = { created_at: "2026-01-01T12:00:00.000Z", last_used_at: null };
const LAPTOP = { id: "1", name: "Laptop", host: location.hostname, ...times };

beforeEach(() => vi.stubGlobal("PublicKeyCredential", () => undefined));
afterEach(() => void vi.unstubAllGlobals());

const type = (label: string, value: string) => fireEvent.input(screen.getByLabelText(label), { target: { value } });
async function press(name: string) {
  fireEvent.click(screen.getByRole("button", { name }));
  await settle();
}

async function show(outcomes: (Failure | null)[] = [], hasPassword = true) {
  let passkeys: PasskeyList["passkeys"] = [LAPTOP, { ...LAPTOP, id: "2", name: "Key", host: "old.example" }];
  const asked: unknown[] = [];
  const calls: AccountCalls = {
    ...accountCalls("ann"),
    passkeys: async () => ({ passkeys }),
    async addPasskey(name, password) {
      asked.push(["add", name, password]);
      const outcome = outcomes.shift() ?? null;
      if (outcome !== null) return outcome;
      passkeys = [...passkeys, { ...LAPTOP, id: "3", name }];
      return { ...LAPTOP, id: "3", name };
    },
    async renamePasskey(id, name) {
      asked.push(["rename", id, name]);
      passkeys = passkeys.map((one) => (one.id === id ? { ...one, name } : one));
      return { ...LAPTOP, name };
    },
    async removePasskey(id) {
      asked.push(["remove", id]);
      passkeys = passkeys.filter((one) => one.id !== id);
      return {};
    },
  };
  render(<PasskeyPart calls={calls} hasPassword={hasPassword} />);
  await settle();
  return { asked };
}

const rows = () =>
  within(screen.getByRole("list", { name: "Passkeys" }))
    .getAllByRole("listitem")
    .map((row) => row.textContent);
const status = () => screen.getByRole("status").textContent;

test("[SIGN-11] passkeys are listed with their use, and with their host where that is another", async () => {
  await show();
  expect(rows()[0]).toMatch(/^LaptopAdded .*2026, not used yet(?!, signs in)/);
  expect(rows()[1]).toContain("not used yet, signs in at old.example");
});

test("[SIGN-11] one is added under its name, with the password only where that is asked for, and every refusal is told", async () => {
  const outcomes = [failure("sign_in_again", ""), failure("sign_in_refused", ""), null];
  const { asked } = await show([...outcomes]);
  type("Passkey name", "  ");
  fireEvent.submit(screen.getByRole("form", { name: "New passkey" }));
  type("Passkey name", " Phone ");
  expect(screen.queryByLabelText("Password, to add a passkey")).toBeNull();
  await press("Add a passkey");
  expect(screen.getByRole("alert").textContent).toBe("You signed in a while ago: enter your password for this.");
  type("Password, to add a passkey", "wrong");
  await press("Add a passkey");
  expect(screen.getByRole("alert").textContent).toBe("The password is not right.");
  type("Password, to add a passkey", "correct horse");
  await press("Add a passkey");
  expect(asked).toEqual([
    ["add", "Phone", undefined],
    ["add", "Phone", "wrong"],
    ["add", "Phone", "correct horse"],
  ]);
  expect(status()).toBe("Phone signs you in from now on.");
  expect(rows().length).toBe(3);
  expect(screen.queryByLabelText("Password, to add a passkey"), "nothing of the password stays").toBeNull();
});

test("[SIGN-11] whoever has no password is told to sign in again, and what to do where the server has none", async () => {
  const detail = "127.0.0.1 is an IP address, not a name.";
  await show([failure("sign_in_again", ""), { ...failure("passkeys_unavailable", detail), status: 403 }], false);
  type("Passkey name", "Phone");
  await press("Add a passkey");
  expect(screen.getByRole("alert").textContent).toContain("This needs a fresh sign-in.");
  expect(screen.queryByLabelText("Password, to add a passkey")).toBeNull();
  await press("Add a passkey");
  expect(screen.getByRole("alert").textContent).toBe(
    "Passkeys can't be used at this address. Open Instep by its name and HTTPS, or ask whoever runs this server to set that up.",
  );
});

test("[SIGN-11] one is renamed and removed, no other with it, and the focus stays in its part", async () => {
  const { asked } = await show();
  await press("Rename Laptop");
  type("New name", "Old laptop");
  await press("Cancel");
  await press("Rename Laptop");
  expect(screen.getByLabelText<HTMLInputElement>("New name").value).toBe("Laptop");
  type("New name", " Old laptop ");
  await press("Rename");
  expect([asked, status(), document.activeElement?.textContent]).toEqual([
    [["rename", "1", "Old laptop"]],
    "It is called Old laptop.",
    "Passkeys",
  ]);
  screen.getByRole("button", { name: "Remove Old laptop" }).focus();
  await press("Remove Old laptop");
  expect(asked.at(-1)).toEqual(["remove", "1"]);
  expect([status(), rows().length, document.activeElement?.textContent]).toEqual([
    "Old laptop signs nobody in any more.",
    1,
    "Passkeys",
  ]);
});

test("[SIGN-11] the form of a new name has that one's name, also after another's, and is gone once it is given", async () => {
  await show();
  const field = () => screen.queryByLabelText<HTMLInputElement>("New name");
  for (const name of ["Laptop", "Key", "Laptop"]) {
    await press(`Rename ${name}`);
    expect(field()?.value).toBe(name);
  }
  type("New name", "Old laptop");
  await press("Rename");
  expect([field(), rows()[0]?.startsWith("Old laptop")]).toEqual([null, true]);
});

test("[SIGN-11] a browser that knows no passkeys lists them, and makes none", async () => {
  vi.stubGlobal("PublicKeyCredential", undefined);
  await show();
  expect(rows().length).toBe(2);
  expect(screen.queryByRole("button", { name: "Add a passkey" })).toBeNull();
  expect(screen.getByText("This browser can't make passkeys at this address.")).toBeTruthy();
});
