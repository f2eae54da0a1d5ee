/** What stands inside a message: code in colours, that can be copied, wrapped and unfolded; maths; the tags that models write. */
import { axeFindings } from "../harness/axe-findings.ts";
import { testWithModel as test } from "../harness/fake-model.ts";
import { expect } from "../harness/test.ts";

const lines = (count: number) => Array.from({ length: count }, (_, index) => `const line${index + 1} = ${index};`);
const fenced = (code: readonly string[]) => `\`\`\`ts\n${code.join("\n")}\n\`\`\`\n`;

test("code is coloured when its fence has closed, copied whole, and its Copy stays in view while one reads on", async ({
  openDevice,
  model,
}) => {
  const device = await openDevice({ permissions: ["clipboard-read", "clipboard-write"] });
  const chat = await device.openTab();
  model.behave({ kind: "answer", text: `Here:\n\n${fenced(lines(60))}\nThe end.` });
  await chat.send("Some code, please");
  await chat.untilReplied(1);
  const block = chat.replies().locator(".code-block");
  await expect(block.locator(".code-keyword").first()).toHaveText("const");
  await block.getByRole("button", { name: "Show all 60 lines" }).click();
  await expect(block.locator(".code-keyword")).toHaveCount(60);
  const copy = block.getByRole("button", { name: "Copy" });
  await block.getByText("const line30 =").scrollIntoViewIfNeeded();
  await expect(copy).toBeInViewport();
  await copy.click();
  await expect(block.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await chat.page.evaluate(() => navigator.clipboard.readText())).toBe(lines(60).join("\n"));
});

test("what is selected and copied is what was written: no name of a button, no time and no cost", async ({
  openDevice,
  model,
  server,
}) => {
  const device = await openDevice({ permissions: ["clipboard-read", "clipboard-write"] });
  model.behave({ kind: "answer", text: `Here[^1]:\n\n${fenced(lines(2))}\nThe end.\n\n[^1]: There.` });
  const { id } = await server.api.conversation("Code", 2);
  const chat = await device.openTab(`/c/${id}`);
  await expect(chat.replies().locator(".code-keyword")).toHaveCount(4);
  await chat.messages.evaluate((log) => getSelection()?.selectAllChildren(log));
  await chat.page.keyboard.press("ControlOrMeta+c");
  const copied = await chat.page.evaluate(() => navigator.clipboard.readText());
  const turn = (number: number) => [`Question ${number} about Code`, "Here1:", ...lines(2), "The end.", "1 There."];
  expect(copied.split("\n").filter((line) => line.trim() !== "")).toEqual([...turn(1), ...turn(2)]);
});

test("code of more than 40 lines is folded where it is opened, and unfolds", async ({ chat, model, server }) => {
  model.behave({ kind: "answer", text: fenced(lines(60)) });
  const { id } = await server.api.conversation("Code");
  await chat.open(id);
  const block = chat.replies().locator(".code-block");
  await expect(block.getByText("line30")).toBeVisible();
  await expect(block.getByText("line31")).toBeHidden();
  await block.getByRole("button", { name: "Show all 60 lines" }).click();
  await expect(block.getByText("line60")).toBeVisible();
  await expect(block.locator(".code-keyword").last()).toHaveText("const");
});

test("code that colours itself for ever holds nothing up, and stays as it was written [SAFE-2]", async ({
  chat,
  model,
  server,
}) => {
  // One line of open brackets and half strings.
  const code = "[{(\"'`".repeat(30_000);
  model.behave({ kind: "answer", text: `${fenced([code])}\n${fenced(["const after = 1;"])}` });
  const { id } = await server.api.conversation("Code");
  await chat.open(id);
  await expect(chat.replies().locator(".code-block")).toHaveCount(2);
  const halfSeconds = await chat.page.evaluate(async () => {
    const lived = new Set<number>();
    for (const begin = performance.now(); performance.now() < begin + 3000;) {
      lived.add(Math.floor((performance.now() - begin) / 500));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return lived.size;
  });
  // Of six: a machine that pauses may lack one or two, a page that is held up has one or two.
  expect(halfSeconds).toBeGreaterThanOrEqual(4);
  await expect(chat.replies().locator(".code-block").last().locator(".code-keyword")).toHaveText("const");
});

test("formulas are typeset on first use, under the page's own policy; a price is one, and what is no TeX stays as it was written", async ({
  chat,
  model,
}) => {
  const refused: string[] = [];
  chat.page.on("console", (message) => {
    if (/content security policy/i.test(message.text())) refused.push(message.text());
  });
  const text =
    "From $5 to $10: \\(a_1 * b_1\\), $\\unknown{x}$.\n\n$$\n\\begin{aligned} a &= \\color{red}{b} \\\\\n- c &= d \\end{aligned}\n$$\n\n" +
    "H<sub>2</sub>O[^1]\n\n<details>\n<summary>More</summary>\n\nhidden\n\n</details>\n\n[^1]: Water";
  model.behave({ kind: "answer", text });
  await chat.send("Some maths, please");
  await chat.untilReplied(1);
  const reply = chat.replies().first();
  await expect(reply.locator("math")).toHaveCount(2);
  await expect(reply).toContainText("From $5 to $10:");
  await expect(reply).toContainText("$\\unknown{x}$");
  const cell = reply.locator("mtd").first();
  expect(await cell.evaluate((element) => getComputedStyle(element).paddingRight)).toBe("0px");
  expect(await reply.getByText("hidden").isVisible()).toBe(false);
  await reply.getByText("More").click();
  await expect(reply.getByText("hidden")).toBeVisible();
  await reply.getByRole("button", { name: "Footnote 1" }).click();
  await chat.untilFocusIsOn(reply.locator(".footnote"));
  expect(refused).toEqual([]);
});

test("axe finds nothing in what stands inside a message, in either theme", async ({ openDevice, model, server }) => {
  const code = ["// comment", 'const name: string = "text" + 1;', "class A extends B { go() {} }", ...lines(60)];
  const text = `${fenced(code)}\n$$\\frac{a}{b}$$\n\n<kbd>Ctrl</kbd> $x$ x<sup>2</sup>[^1]\n\n<details>\n<summary>More</summary>\n\na\n\n</details>\n\n[^1]: Note`;
  model.behave({ kind: "answer", text });
  const { id } = await server.api.conversation("Rich");
  const chat = await (await openDevice()).openTab(`/c/${id}`);
  await expect(chat.replies().locator("math")).toHaveCount(2);
  await chat.messages.evaluate((element) => element.scrollTo({ top: 0 }));
  await expect(chat.replies().locator(".code-keyword").first()).toBeVisible();
  expect(await axeFindings(chat.page)).toEqual([]);
});

test("one's own message stands as it was written, with its links and code, folded where it is long", async ({
  chat,
}) => {
  const long = lines(60).join("\n");
  await chat.send(`Look at https://example.org/a, *please*:\n\`\`\`ts\nlet a = 1;\n\`\`\`\n${long}`);
  await chat.untilReplied(1);
  const own = chat.userMessages().first();
  await expect(own.getByRole("link")).toHaveAttribute("href", "https://example.org/a");
  await expect(own).toContainText("*please*");
  await expect(own.locator(".code-block .code-keyword")).toHaveText("let");
  await expect(own.getByText("line60")).toBeHidden();
  await own.getByRole("button", { name: "Show all" }).click();
  await expect(own.getByText("line60")).toBeVisible();
});
