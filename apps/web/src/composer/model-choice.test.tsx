/** Which model is shown, and which is sent: a choice belongs to the chat that it was made in. */
import { screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { full, idOf, row, summary } from "../../test/scripted-device.ts";
import { wholePage } from "../../test/whole-page.tsx";
import { answeringModel } from "./answering-model.ts";

const MODELS = [
  { id: "demo", name: "Demo" },
  { id: "large", name: "Large" },
];

test("[TURN-10] the model that is shown is the chosen one where it is offered, else the default", () => {
  const config = { models: MODELS, default_model: "demo" };
  expect(["", "large", "gone"].map((chosen) => answeringModel(config, chosen))).toEqual(["demo", "large", "demo"]);
});

test("[TURN-10] a choice in a new chat goes with its first message, and not with the next chat's", async () => {
  const { transport, settle } = await wholePage("/", { models: MODELS });
  await transport.last.answer(full(100, [row("a", 10)]));
  transport.answers.create = () => summary("n", 0);
  await settle();
  const send = async (text: string) => {
    await userEvent.type(screen.getByRole("textbox", { name: "Message" }), `${text}{Enter}`);
    await settle();
  };
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Model" }), "large");
  await send("first");
  await userEvent.click(document.querySelector("#new-chat-btn") ?? document.body);
  await settle();
  expect(screen.getByRole("combobox", { name: "Model" })).toHaveProperty("value", "demo");
  await send("second");
  const sent = transport.named("sendStream").map(([, given]) => given as { message: string; model?: string });
  expect(sent.map(({ message, model }) => [message, model])).toEqual([
    ["first", "large"],
    ["second", undefined],
  ]);
});

test("[TURN-10] a choice in a new chat outlasts a change of the language", async () => {
  const { transport, device, settle } = await wholePage("/", { models: MODELS });
  await transport.last.answer(full(100, []));
  await settle();
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Model" }), "large");
  await userEvent.click(screen.getByRole("button", { name: "Settings" }));
  await settle();
  await userEvent.click(screen.getByRole("radio", { name: "Deutsch" }));
  await settle();
  await userEvent.click(screen.getByRole("button", { name: "Schließen" }));
  await settle();
  expect(screen.getByRole("combobox", { name: "Modell" })).toHaveProperty("value", "large");
  device.stop();
});

test("[TURN-10] a chat whose model went shows the one that will answer", async () => {
  const { transport, settle } = await wholePage(`/c/${idOf("a")}`, { models: MODELS });
  await transport.last.answer(full(100, [row("a", 10, { model: "gone" })]));
  await settle();
  expect(screen.getByRole("combobox", { name: "Model" })).toHaveProperty("value", "demo");
});
