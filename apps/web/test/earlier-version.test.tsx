/** Looking at what once stood in a message's place [MSG-5]. */
import { fireEvent, screen, waitFor } from "@testing-library/preact";
import { expect, test } from "vitest";
import { detail, full, idOf, message, row, turn } from "./scripted-device.ts";
import { wholePage } from "./whole-page.tsx";
import { failure } from "../src/sync/device.ts";

const VERSION = "7c7c7c7c-0000-4000-8000-000000000001";

/** Two conversations that end at the same seq; messages of `a`, its last one, have an earlier version, whose list a test may hold back. */
async function pageWithVersions(replaced: readonly number[] = [2], count = 2) {
  const page = await wholePage(`/c/${idOf("a")}`);
  const { transport, settle } = page;
  transport.answers.open = (id) => {
    const name = id === idOf("a") ? "a" : "b";
    const opened = detail(name, count);
    const isReplaced = ({ seq }: { readonly seq: number }) => name === "a" && replaced.includes(seq);
    return {
      ...opened,
      messages: opened.messages.map((one) => (isReplaced(one) ? { ...one, version_count: 1 } : one)),
    };
  };
  const listed = Promise.withResolvers<void>();
  transport.answers.versions = async () => {
    await listed.promise;
    const messages = [{ ...message("a", 2), id: VERSION, content: "What once stood here" }];
    return { versions: [{ version_id: VERSION, replaced_at: "2026-01-01T12:00:00.000000Z", messages }] };
  };
  await transport.last.answer(full(100, [row("a", count), row("b", count)]));
  await settle();
  await waitFor(() => screen.getAllByText("2 / 2"));
  return { ...page, answer: listed.resolve };
}

test("[MSG-5] an earlier version shows in its place, locked, and the way back shows what stands", async () => {
  const { settle, answer } = await pageWithVersions();
  answer();
  fireEvent.click(screen.getByRole("button", { name: "Previous version" }));
  await settle();
  expect(screen.getByText("What once stood here")).toBeTruthy();
  expect(screen.getByText("1 / 2")).toBeTruthy();
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Ask again" }).disabled).toBe(true);
  fireEvent.click(screen.getByRole("button", { name: "Next version" }));
  await settle();
  expect(screen.queryByText("What once stood here")).toBeNull();
  expect(screen.getByText("2 / 2")).toBeTruthy();
});

test("[MSG-5] a list of versions that comes late shows nothing in the conversation that was opened meanwhile", async () => {
  const { settle, answer } = await pageWithVersions();
  fireEvent.click(screen.getByRole("button", { name: "Previous version" }));
  window.history.pushState(null, "", `/c/${idOf("b")}`);
  window.dispatchEvent(new PopStateEvent("popstate"));
  await settle();
  answer();
  await settle();
  expect(location.pathname).toBe(`/c/${idOf("b")}`);
  expect(screen.queryByText("What once stood here")).toBeNull();
  expect(screen.queryByRole("button", { name: "Use this version" })).toBeNull();
});

test("[MSG-5] a version that is gone by the time it is used says so, and shows what stands", async () => {
  const { settle, answer, transport } = await pageWithVersions();
  answer();
  fireEvent.click(screen.getByRole("button", { name: "Previous version" }));
  await settle();
  transport.answers.restoreVersion = () => failure("version_not_found", "");
  fireEvent.click(screen.getByRole("button", { name: "Use this version" }));
  await settle();
  await waitFor(() => screen.getByText(/^That earlier version is gone\./));
  expect(screen.queryByText("What once stood here")).toBeNull();
  transport.answers.restoreVersion = () => failure("unreachable", "");
  fireEvent.click(screen.getByRole("button", { name: "Previous version" }));
  await settle();
  fireEvent.click(screen.getByRole("button", { name: "Use this version" }));
  await settle();
  // What may come back is still looked at, and nothing asks again by itself.
  expect(screen.getByText("The server can't be reached. Check your connection, then try again.")).toBeTruthy();
  expect(screen.getByText("What once stood here")).toBeTruthy();
});

test("[MSG-5] earlier versions that could not be had are said to be so, and asked for again at the next press", async () => {
  const { settle, answer, transport } = await pageWithVersions();
  const list = transport.answers.versions ?? (() => undefined);
  transport.answers.versions = () => failure("unreachable", "");
  fireEvent.click(screen.getByRole("button", { name: "Previous version" }));
  await settle();
  expect((await screen.findByRole("alert")).textContent).toContain("The server can't be reached.");
  expect(screen.getByText("2 / 2")).toBeTruthy();
  transport.answers.versions = list;
  answer();
  fireEvent.click(screen.getByRole("button", { name: "Previous version" }));
  await settle();
  expect(screen.getByText("What once stood here")).toBeTruthy();
  expect(screen.getAllByRole("status").map(({ textContent }) => textContent)).toContainEqual(
    expect.stringContaining("This is an earlier version."),
  );
});

/** A conversation whose last message has two earlier versions. */
async function pageWithTwo() {
  const page = await pageWithVersions();
  const { transport, answer, settle } = page;
  const version = (number: number) => ({
    version_id: `7c7c7c7c-0000-4000-8000-00000000000${number}`,
    replaced_at: "2026-01-01T12:00:00.000000Z",
    messages: [{ ...message("a", 2), id: `version-${number}`, content: `Version ${number}` }],
  });
  transport.answers.versions = () => ({ versions: [version(1), version(2)] });
  answer();
  const step = async (name: string) => {
    fireEvent.click(screen.getByRole("button", { name }));
    await settle();
    return [document.querySelector(".message.assistant .message-content")?.textContent, switcher()];
  };
  return { ...page, step };
}

const switcher = () => document.querySelector(".version-switcher span")?.textContent;

test("[MSG-5] the switcher goes through all versions one by one, to the live one and no further", async () => {
  const { step } = await pageWithTwo();
  expect(await step("Previous version")).toEqual(["Version 2", "2 / 3"]);
  expect(await step("Previous version")).toEqual(["Version 1", "1 / 3"]);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Previous version" }).disabled).toBe(true);
  expect(document.querySelectorAll(".message")).toHaveLength(2);
  expect(await step("Next version")).toEqual(["Version 2", "2 / 3"]);
  expect((await step("Next version"))[0]).toBe("message 2");
  expect(screen.queryByRole("button", { name: "Use this version" })).toBeNull();
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Next version" }).disabled).toBe(true);
});

test("[MSG-5] each press counts, also while the versions are still on their way", async () => {
  const { step } = await pageWithTwo();
  fireEvent.click(screen.getByRole("button", { name: "Previous version" }));
  expect(await step("Previous version")).toEqual(["Version 1", "1 / 3"]);
  expect(await step("Next version")).toEqual(["Version 2", "2 / 3"]);
});

test("[MSG-5] of two places whose versions are on their way the one that was pressed last is looked at", async () => {
  const { transport, settle } = await pageWithVersions([1, 2]);
  const lists = [1, 2].map(() => Promise.withResolvers<void>());
  transport.answers.versions = async (_id: string, seq: number) => {
    await lists[seq - 1]?.promise;
    const messages = [{ ...message("a", seq), id: `${VERSION}-${seq}`, content: `Once in place ${seq}` }];
    return { versions: [{ version_id: VERSION, replaced_at: "2026-01-01T12:00:00.000000Z", messages }] };
  };
  for (const button of screen.getAllByRole("button", { name: "Previous version" })) fireEvent.click(button);
  for (const list of lists.toReversed()) {
    list.resolve();
    await settle();
  }
  expect(document.body.textContent).toContain("Once in place 2");
  expect(document.body.textContent).not.toContain("Once in place 1");
});

test("[MSG-5] what was looked at is over where the conversation has moved on, or another one was opened meanwhile", async () => {
  const { step, settle, device, transport } = await pageWithTwo();
  await step("Previous version");
  void device.turns.send(idOf("a"), "on from here");
  await settle();
  await transport.stream.feed(...turn("a", 3, ["Hi"]));
  await settle();
  expect(document.body.textContent).not.toContain("Version 2");
  await step("Previous version");
  expect(document.body.textContent).toContain("Version 2");
  for (const name of ["b", "a"] as const) {
    window.history.pushState(null, "", `/c/${idOf(name)}`);
    fireEvent.popState(window);
    await settle();
    expect(screen.queryByText("Version 2")).toBeNull();
  }
});

test("[MSG-5] what is written under an earlier version waits in the box where that could not be brought back", async () => {
  const { step, settle, transport, drafts } = await pageWithTwo();
  await step("Previous version");
  transport.answers.restoreVersion = () => failure("unreachable", "");
  drafts.set(idOf("a"), "on from there");
  await settle();
  fireEvent.click(screen.getByRole("button", { name: "Send" }));
  await settle();
  expect([transport.named("sendStream"), drafts.get(idOf("a"))]).toEqual([[], "on from there"]);
});

test("[DEV-12] what is written under an earlier version stays in the box, which is kept, until that version is back", async () => {
  const { transport, settle, answer, drafts } = await pageWithVersions();
  const isBack = Promise.withResolvers<ReturnType<typeof failure>>();
  transport.answers.restoreVersion = () => isBack.promise;
  answer();
  fireEvent.click(screen.getByRole("button", { name: "Previous version" }));
  await settle();
  drafts.set(idOf("a"), "An hour's work");
  await settle();
  fireEvent.click(screen.getByRole("button", { name: "Send" }));
  await settle();
  expect(drafts.get(idOf("a"))).toBe("An hour's work");
  isBack.resolve(failure("unreachable", ""));
  await settle();
  expect(drafts.get(idOf("a"))).toBe("An hour's work");
  expect(transport.named("sendStream")).toEqual([]);
});

test("[MSG-5] what is sent late, from under an earlier version, leaves whoever has gone on elsewhere where that is", async () => {
  const { transport, settle, answer, drafts } = await pageWithVersions();
  const isBack = Promise.withResolvers<unknown>();
  transport.answers.restoreVersion = () => isBack.promise;
  answer();
  fireEvent.click(screen.getByRole("button", { name: "Previous version" }));
  await settle();
  drafts.set(idOf("a"), "on from there");
  await settle();
  fireEvent.click(screen.getByRole("button", { name: "Send" }));
  await settle();
  window.history.pushState({ foundSeq: 1 }, "", `/c/${idOf("b")}`);
  fireEvent.popState(window);
  await settle();
  isBack.resolve({ ...detail("a", 3), replaced: null });
  await settle();
  expect([location.pathname, history.state]).toEqual([`/c/${idOf("b")}`, { foundSeq: 1 }]);
  expect(transport.named("sendStream").length + transport.named("sendBatch").length).toBeGreaterThan(0);
});

test("[MSG-5] while an earlier version is looked at, another place's switcher goes through that place's own", async () => {
  const { transport, settle, device } = await pageWithVersions([2, 4], 4);
  const late = Promise.withResolvers<void>();
  const once = (seq: number) => ({
    version_id: VERSION,
    replaced_at: "2026-01-01T12:00:00.000000Z",
    messages: [{ ...message("a", seq), id: `${VERSION}-${seq}`, content: `Once in place ${seq}` }],
  });
  transport.answers.versions = async (_id: string, seq: number) => {
    await (seq === 2 && late.promise);
    return { versions: [once(seq)] };
  };
  const press = async (name: string, place: number) => {
    fireEvent.click(screen.getAllByRole("button", { name })[place] ?? document.body);
    await settle();
  };
  await press("Previous version", 1);
  expect(document.body.textContent).toContain("Once in place 4");
  await press("Previous version", 0);
  // Whoever goes on where they are has left the other place.
  await press("Next version", 1);
  await press("Previous version", 1);
  late.resolve();
  await settle();
  expect(document.body.textContent).toContain("Once in place 4");
  await press("Previous version", 0);
  expect(document.body.textContent).toContain("Once in place 2");
  expect(document.body.textContent).not.toContain("place 4");
  device.stop();
});
