/** Where the question stands after a send: sizes are in the test's hands. */
import { expect, test } from "vitest";
import { TurnRoom } from "./turn-room.ts";

const HEIGHT = 100;

function log(...tops: readonly number[]) {
  const content = document.createElement("div");
  document.body.append(content);
  const add = (top: number, className = "message user", state = "sending") => {
    const row = document.createElement("div");
    row.className = "message-row";
    row.innerHTML = `<article class="${className}" data-state="${state}"></article>`;
    Object.defineProperty(row, "offsetTop", { value: top, configurable: true });
    Object.defineProperty(row, "offsetHeight", { value: HEIGHT, configurable: true });
    content.append(row);
    return row;
  };
  for (const top of tops) add(top);
  return { content, add, room: () => content.style.paddingBottom };
}

test("room is made below what was sent, once it is there, and goes as the reply grows into it", () => {
  const { content, add, room } = log(100, 300);
  const turn = new TurnRoom();
  turn.make(content, 500);
  expect(room()).toBe("");
  turn.await(content);
  turn.make(content, 500);
  expect(room()).toBe("");
  add(900);
  turn.make(content, 500);
  expect(room()).toBe("388px");
  turn.make(content, 400);
  expect(room()).toBe("288px");
  const reply = add(1000, "message assistant");
  turn.make(content, 500);
  expect(room()).toBe("288px");
  Object.defineProperty(reply, "offsetHeight", { value: 388 });
  turn.make(content, 500);
  expect(room()).toBe("");
});

test("what stands above changes nothing of it, and the first message of all needs no more than the view", () => {
  const { content, add, room } = log(100);
  const turn = new TurnRoom();
  turn.await(content);
  const question = add(900);
  turn.make(content, 500);
  Object.defineProperty(question, "offsetTop", { value: 1900 });
  turn.make(content, 500);
  expect(room()).toBe("388px");
  const first = log();
  const other = new TurnRoom();
  other.await(first.content);
  first.add(4);
  other.make(first.content, 500);
  expect(first.room()).toBe("396px");
});

test("what is queued takes no room, nor does what comes without a send; a question that goes takes its room along", () => {
  const queued = log(100);
  const other = new TurnRoom();
  other.await(queued.content);
  queued.add(700, "message user pending", "queued");
  other.make(queued.content, 500);
  expect(queued.room()).toBe("");
  const { content, add, room } = log(100);
  const turn = new TurnRoom();
  turn.await(content);
  const question = add(400);
  turn.make(content, 500);
  add(500);
  turn.make(content, 500);
  expect(room()).toBe("288px");
  question.remove();
  turn.make(content, 500);
  expect(room()).toBe("");
});
