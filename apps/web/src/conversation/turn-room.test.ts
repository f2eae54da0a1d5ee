/** Where the question stands after a send: sizes are in the test's hands. */
import { expect, test } from "vitest";
import { TurnRoom } from "./turn-room.ts";

function log(...tops: readonly number[]) {
  const content = document.createElement("div");
  document.body.append(content);
  const add = (top: number, state = "sending") => {
    const row = document.createElement("div");
    row.className = "message-row";
    row.innerHTML = `<article class="message user" data-state="${state}"></article>`;
    Object.defineProperty(row, "offsetTop", { value: top, configurable: true });
    content.append(row);
    return row;
  };
  for (const top of tops) add(top);
  return { content, add };
}

test("room is made for what was sent, once it is there, and follows the height of the view and of what stands above", () => {
  const { content, add } = log(100, 300);
  const room = new TurnRoom();
  room.make(content, 500);
  expect(content.style.minHeight).toBe("");
  room.await(content);
  room.make(content, 500);
  expect(content.style.minHeight).toBe("");
  const question = add(900);
  room.make(content, 500);
  expect(content.style.minHeight).toBe("1388px");
  room.make(content, 400);
  expect(content.style.minHeight).toBe("1288px");
  Object.defineProperty(question, "offsetTop", { value: 1900 });
  room.make(content, 400);
  expect(content.style.minHeight).toBe("2288px");
});

test("the first message of all leaves no more than the view's height, and what is queued leaves none", () => {
  const first = log();
  const room = new TurnRoom();
  room.await(first.content);
  first.add(4);
  room.make(first.content, 500);
  expect(first.content.style.minHeight).toBe("500px");
  const queued = log(100);
  const other = new TurnRoom();
  other.await(queued.content);
  queued.add(700, "queued");
  other.make(queued.content, 500);
  expect(queued.content.style.minHeight).toBe("");
});

test("another message that comes without a send takes no room, and a question that goes takes its room along", () => {
  const { content, add } = log(100);
  const room = new TurnRoom();
  room.await(content);
  const question = add(400);
  room.make(content, 500);
  add(800);
  room.make(content, 500);
  expect(content.style.minHeight).toBe("888px");
  question.remove();
  room.make(content, 500);
  expect(content.style.minHeight).toBe("");
});
