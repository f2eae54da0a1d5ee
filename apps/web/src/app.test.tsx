/** The page as a whole: what stands before everything else in it. */
import { fireEvent } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { layOut } from "../test/layout.ts";
import { full, row } from "../test/scripted-device.ts";
import { wholePage } from "../test/whole-page.tsx";

beforeEach(() => layOut());
afterEach(() => void vi.unstubAllGlobals());

test("the first link leads past the list into the message box, and leaves the address as it was", async () => {
  const { transport, container, settle } = await wholePage("/");
  await transport.last.answer(full(100, [row("a", 10)]));
  await settle();
  const link = container.querySelector("a");
  expect(link?.className).toBe("skip-link");
  link?.focus();
  // Else the browser goes to the address that the link names.
  expect(link && fireEvent.click(link)).toBe(false);
  await settle();
  expect(document.activeElement?.id).toBe("message-input");
});
