/** A text's colours are shown whenever they come. */
import { act, render, screen } from "@testing-library/preact";
import { expect, test } from "vitest";
import { createRichText } from "./rich-text.ts";
import type { TextJob } from "./text-job.ts";
import { RichTextContext, useRichText } from "./use-rich-text.ts";

const JOB: TextJob = { kind: "code", source: "let a", language: "ts" };

function Shown() {
  return <p>{useRichText(JOB) === null ? "plain" : "rich"}</p>;
}

test("what came between rendering and the effect that asks for it is shown, as what comes later is", async () => {
  const done = Promise.withResolvers<void>();
  const richText = createRichText(async () => {
    await done.promise;
    return { kind: "done", result: new Uint32Array(2) };
  });
  const asked = richText.ask(JOB);
  let looks = 0;
  const late = {
    ...richText,
    // The first look is the rendering's: the answer comes right behind it.
    known: (job: TextJob) => (++looks === 1 ? undefined : richText.known(job)),
  };
  done.resolve();
  await asked;
  render(
    <RichTextContext.Provider value={late}>
      <Shown />
    </RichTextContext.Provider>,
  );
  await act(async () => undefined);
  expect(screen.getByText("rich")).toBeTruthy();
});
