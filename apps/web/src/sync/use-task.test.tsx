/** One call at a time, and the newest answer of a list, whatever order they come in. */
import { act, render } from "@testing-library/preact";
import { expect, test } from "vitest";
import { failure, type Result } from "./device.ts";
import { type Listed, type Task, useListed, useTask } from "./use-task.ts";

const turn = () => act(async () => void (await new Promise((resolve) => setTimeout(resolve, 0))));

test("what went wrong is said until something else is begun, and again where that fails too", async () => {
  let task: Task | null = null;
  function Part() {
    task = useTask();
    return null;
  }
  render(<Part />);
  const run = async (work: () => Promise<Result<unknown>>): Promise<unknown> => {
    const outcome = await task?.run(work);
    await turn();
    return outcome;
  };
  expect(await run(async () => failure("unreachable", ""))).toBeNull();
  expect(task).toMatchObject({ problem: { failed: "unreachable" }, isBusy: false });
  const second = Promise.withResolvers<Result<unknown>>();
  const running = run(() => second.promise);
  await turn();
  expect(task).toMatchObject({ problem: null, isBusy: true });
  second.resolve(failure("internal", ""));
  await running;
  expect(task).toMatchObject({ problem: { failed: "internal" }, isBusy: false });
  expect(await run(async () => "done")).toBe("done");
  expect(task).toMatchObject({ problem: null, isBusy: false });
});

test("of two answers the later question's stands, a failure keeps what is known, and nothing comes after the end", async () => {
  const asked: PromiseWithResolvers<Result<string>>[] = [];
  const load = () => {
    const answer = Promise.withResolvers<Result<string>>();
    asked.push(answer);
    return answer.promise;
  };
  let listed: Listed<string> | null = null;
  let renders = 0;
  function Part() {
    listed = useListed(load);
    renders += 1;
    return null;
  }
  const { unmount } = render(<Part />);
  await turn();
  const reload = () => act(() => void listed?.reload());
  await reload();
  asked[1]?.resolve("later");
  await turn();
  asked[0]?.resolve("earlier");
  await turn();
  expect(listed).toMatchObject({ value: "later", problem: null });
  await reload();
  asked[2]?.resolve(failure("unreachable", ""));
  await turn();
  expect(listed).toMatchObject({ value: "later", problem: { failed: "unreachable" } });
  await reload();
  unmount();
  const before = renders;
  asked[3]?.resolve("after the end");
  await turn();
  expect(renders).toBe(before);
});
