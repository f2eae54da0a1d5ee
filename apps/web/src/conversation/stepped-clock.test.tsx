/** A device's clock may step back while a page is open: nothing waits for it to come to where it was. */
import { fireEvent, screen } from "@testing-library/preact";
import { expect, test } from "vitest";
import { detail, full, idOf, NO_NETWORK, row } from "../../test/scripted-device.ts";
import { wholePage } from "../../test/whole-page.tsx";

const A = idOf("a");

test("what was retried, and refused again, can be discarded after the clock has stepped back", async () => {
  const { device, transport, page, settle } = await wholePage(`/c/${A}`);
  transport.answers.open = () => detail("a", 10);
  await transport.last.answer(full(100, [row("a", 10)]));
  const refused = { ...NO_NETWORK, failed: "bad_answer" as const, status: 413 };
  transport.refusals = [refused, refused];
  void device.turns.send(A, "hello");
  await settle();
  fireEvent.click(screen.getByRole("button", { name: "Retry" }));
  await settle();
  page.advance(-3_600_000);
  fireEvent.click(screen.getByRole("button", { name: "Discard" }));
  await settle();
  expect(device.views.get(A)?.pending).toEqual([]);
});
