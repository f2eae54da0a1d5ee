/** A conversation of five thousand messages is read, scrolled and written in as one of fifty is. */
import { randomUUID } from "node:crypto";
import { expect, test } from "../harness/test.ts";

const COUNT = 5000;

/** As a file that an import reads. */
function longConversation(id: string): string {
  const created_at = "2026-01-01T00:00:00.000000Z";
  const messages = Array.from({ length: COUNT }, (_, index) => ({
    id: randomUUID(),
    role: index % 2 === 0 ? "user" : "assistant",
    content: `Message number ${index + 1}${index % 2 === 0 ? "?" : ", with **some** words.\n\n- one\n- two"}`,
    created_at,
  }));
  return JSON.stringify({ instep_export: 1, conversations: [{ id, title: "Thousands", created_at, messages }] });
}

/** The numbers of the messages that stand in the view, from above: where they are, not where they stand in the document. */
function seqsInView(element: Element): number[] {
  const { left, top, width, height } = element.getBoundingClientRect();
  const found = new Set<number>();
  for (let y = top + 1; y < top + height; y += 10) {
    const at = document.elementFromPoint(left + width / 2, y)?.closest("[data-seq]");
    if (at) found.add(Number(at.getAttribute("data-seq")));
  }
  return [...found];
}

/** Goes up, frame after frame, until nothing older is left; tells of the first view on the way that had a gap, or another order. */
function goUp(element: Element): Promise<readonly number[] | null> {
  const seqsOf = (): number[] => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const rows = [0.1, 0.3, 0.5, 0.7, 0.9].map((share) =>
      document.elementFromPoint(left + width / 2, top + height * share),
    );
    return rows
      .map((row) => Number(row?.closest("[data-seq]")?.getAttribute("data-seq") ?? "0"))
      .filter((seq) => seq > 0);
  };
  return new Promise((resolve) => {
    let wrong: readonly number[] | null = null;
    const look = (): void => {
      const seqs = seqsOf();
      if (seqs.some((seq, index) => index > 0 && seq - (seqs[index - 1] ?? 0) > 3)) wrong ??= seqs;
      if (seqs.some((seq, index) => seq < (seqs[index - 1] ?? 0))) wrong ??= seqs;
      element.scrollTop = Math.max(0, element.scrollTop - 2000);
      const isFirst = element.querySelector('[data-seq="1"]') !== null;
      if (isFirst && element.scrollTop === 0 && (seqs[0] ?? 0) <= 3) resolve(wrong);
      else requestAnimationFrame(look);
    };
    look();
  });
}

test("five thousand messages open at their end, scroll both ways without a gap, and are written under as fifty are", async ({
  openDevice,
  server,
}) => {
  test.slow();
  const id = randomUUID();
  const imported = await fetch(`${server.url}/api/import`, { method: "POST", body: longConversation(id) });
  expect(await imported.text()).toContain("event: done");
  const chat = await (await openDevice()).openTab(`/c/${id}`);
  const inView = () => chat.messages.evaluate(seqsInView);
  await expect.poll(inView).toContain(COUNT);
  expect(await chat.messages.evaluate(goUp)).toBeNull();
  await expect(chat.messages.locator("[data-seq]")).toHaveCount(COUNT);

  await chat.messages.evaluate((element) => element.scrollTo({ top: element.scrollHeight / 2 }));
  await expect.poll(async () => (await inView()).length).toBeGreaterThan(1);
  const [middle = 0, next] = await inView();
  expect([middle > COUNT / 4 && middle < COUNT * 0.75, next]).toEqual([true, middle + 1]);

  // A key moves nothing that is read.
  await chat.input.pressSequentially("And one more");
  expect(await inView()).toContain(middle);
  await chat.input.press("Enter");
  await expect(chat.streaming()).toHaveCount(0);
  await expect.poll(async () => (await inView()).slice(-2)).toEqual([COUNT + 1, COUNT + 2]);
  // What was sent has gone to the top, and stays there.
  const [log, question] = [await chat.messages.boundingBox(), await chat.userMessages().last().boundingBox()];
  expect((question?.y ?? 0) - (log?.y ?? 0)).toBeLessThan(40);
});
