/** Where the question stands after a send: sizes are in the test's hands. */
import { expect, test } from "vitest";
import { TurnRoom } from "./turn-room.ts";

const HEIGHT = 100;

function log(...tops: readonly number[]) {
  const content = document.createElement("div");
  document.body.append(content);
  const add = (top: number, className = "message user", state = "") => {
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

test("what was seen being sent and waits all the same, as no network is there, leaves no room and goes up when it is sent", () => {
  const { content, add, room } = log(100, 300);
  const turn = new TurnRoom();
  const become = (row: HTMLElement, className: string, state: string) => {
    row.innerHTML = `<article class="message user ${className}" data-state="${state}"></article>`;
    turn.make(content, 500);
    return room();
  };
  turn.await(content);
  const question = add(900);
  expect(become(question, "pending", "sending")).toBe("388px");
  expect(become(question, "pending", "waiting")).toBe("");
  expect(become(question, "pending", "sending")).toBe("388px");
  expect(become(question, "pending", "rejected")).toBe("");
  // It may be stored before a frame has shown that it was sent once more.
  expect(become(question, "", "")).toBe("388px");
});

test("of several that were written while a reply ran, each goes up when it is sent, and none while it waits", () => {
  const { content, add, room } = log(100);
  const turn = new TurnRoom();
  const become = (row: HTMLElement, state: string, className: string) => {
    row.innerHTML = `<article class="message user ${className}" data-state="${state}"></article>`;
    turn.make(content, 500);
    return room();
  };
  const make = (row: HTMLElement) => become(row, "queued", "pending");
  turn.await(content);
  const first = add(600);
  make(first);
  turn.await(content);
  const second = add(900);
  expect(make(second)).toBe("");
  // Between two turns both wait for a moment.
  expect(become(first, "waiting", "pending")).toBe("");
  expect(become(second, "waiting", "pending")).toBe("");
  make(second);
  expect(become(first, "sending", "pending")).toBe("88px");
  expect(become(first, "", "complete")).toBe("88px");
  expect(become(second, "waiting", "pending")).toBe("88px");
  expect(become(second, "sending", "pending")).toBe("388px");
  expect(become(second, "", "complete")).toBe("388px");
});

test("what another tab sends moves nothing here, where nothing was sent", () => {
  const { content, add, room } = log(100);
  const turn = new TurnRoom();
  add(900, "message user pending", "sending");
  turn.make(content, 500);
  expect(room()).toBe("");
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
