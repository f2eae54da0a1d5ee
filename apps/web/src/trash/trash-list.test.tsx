/** The list of what is in the trash. */
import { fireEvent, render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { TrashList } from "./trash-list.tsx";

test("the trash restores at once, and asks once before it deletes for good", async () => {
  const calls: string[] = [];
  const row = {
    id: "00000000-0000-4000-8000-000000000001",
    title: "Old plans",
    message_count: 2,
    updated_at: "2026-01-01T12:00:00.000000Z",
    created_at: "2026-01-01T12:00:00.000000Z",
    last_seq: 2,
    read_seq: 2,
    unread_count: 0,
    marked_unread: false,
    pinned: false,
    archived: false,
    model: "demo",
    active_reply_id: null,
    deleted_at: "2026-01-02T12:00:00.000000Z",
    purge_at: "2026-02-01T12:00:00.000000Z",
  };
  render(
    <TrashList
      conversations={[row]}
      now={Date.parse("2026-01-30T13:00:00Z")}
      onRestore={() => void calls.push("restore")}
      onErase={() => void calls.push("erase")}
      onEmpty={() => undefined}
      problem={null}
      onRetry={() => undefined}
      onMore={null}
    />,
  );
  expect(screen.getByText(/^Deleted .+ · 2 days left$/)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Restore" }), { detail: 2 });
  expect(calls).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Restore" }));
  await userEvent.click(screen.getByRole("button", { name: "Delete for good" }));
  await userEvent.click(screen.getByRole("button", { name: "Keep" }));
  expect(calls).toEqual(["restore"]);
  await userEvent.click(screen.getByRole("button", { name: "Delete for good" }));
  await userEvent.click(screen.getByRole("button", { name: "Delete for good" }));
  expect(calls).toEqual(["restore", "erase"]);
});
