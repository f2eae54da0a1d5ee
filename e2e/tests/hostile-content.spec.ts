/** What models, other programs and people wrote is shown, and nothing more [SAFE-4]. The fixture fails a test whose page asks another server or breaks its policy. */
import { storableText } from "../../apps/server/src/storable-text.ts";
import { HOSTILE_TEXTS } from "../../apps/web/test/hostile-texts.ts";
import { fakeModelSettings, testWithModel as test } from "../harness/fake-model.ts";
import { expect } from "../harness/test.ts";

const EVIL = '<img src=https://evil.example/name.gif onerror=alert(1)>"><style>*{display:none}</style>';
const IMAGES = [
  "![a picture](https://evil.example/pixel.gif?who=me)",
  "[![in a link](https://evil.example/badge.svg)](https://evil.example/)",
  "![ref][pic]\n\n[pic]: https://evil.example/ref.gif",
  "![](//evil.example/x.png) ![](data:image/svg+xml,%3Csvg%20onload=alert(1)%3E)",
  "$\\href{javascript:alert(1)}{x}$ $\\style{background:url(https://evil.example/x)}{y}$",
  "$$\\includegraphics{https://evil.example/x.png}$$",
];
/** Elements that load something, but for the page's own mark. */
const LOADING = "#app :is(img:not([src='/favicon.svg']), iframe, object, embed, style, video, audio, source)";
const REPLY = [...IMAGES, ...HOSTILE_TEXTS].join("\n\n");

test.use({
  serverEnv: ({ model }, use) => {
    model.behave({ kind: "answer", text: REPLY });
    return use({ ...fakeModelSettings(model), MODELS: `fake-model=${EVIL},other=Other` });
  },
});

test("[SAFE-4] a conversation of hostile texts asks no other server for anything, runs nothing and can be used", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.create(EVIL);
  await server.api.turn(id, HOSTILE_TEXTS.join("\n").slice(0, 150_000));
  const { messages } = await server.api.open(id);
  expect(messages.at(-1)?.content).toBe(storableText(REPLY));
  const device = await openDevice();
  const chat = await device.openTab();
  const dialogs: string[] = [];
  chat.page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await chat.open(id);
  await expect(chat.title(id)).toContainText("evil.example");
  await expect(chat.replies()).toHaveCount(1);
  // To both ends, so that what is drawn only in sight is drawn too.
  for (const place of [0, 1]) {
    await chat.messages.evaluate((log, part) => log.scrollTo(0, part * log.scrollHeight), place);
    await expect(chat.messages).toContainText(place === 0 ? "a picture" : "evil.example");
  }
  await expect(chat.page.locator(LOADING)).toHaveCount(0);
  expect(dialogs).toEqual([]);
  await chat.act(id, "Pin");
  await expect(chat.sidebar).toContainText("evil.example");
});

test("[SAFE-4] what stands inline or comes from elsewhere is not run, whoever put it into the page", async ({
  browser,
  server,
}) => {
  const page = await (await browser.newContext()).newPage();
  const breaches: string[] = [];
  const asked: string[] = [];
  page.on("console", (message) => breaches.push(message.text()));
  page.on("requestfinished", (request) => asked.push(new URL(request.url()).origin));
  await page.goto(server.url);
  const outcome = await page.evaluate(() => {
    const probe = document.createElement("div");
    probe.innerHTML =
      '<p style="position:fixed">x</p><img src="https://evil.example/x.gif"><iframe src="https://evil.example/"></iframe>' +
      "<button onclick=\"document.title='run'\">x</button>";
    document.body.append(probe);
    const script = document.createElement("script");
    script.textContent = "document.title = 'run'";
    const sheet = document.createElement("style");
    sheet.textContent = "p { position: absolute }";
    document.body.append(script, sheet);
    probe.querySelector("button")?.click();
    const paragraph = probe.querySelector("p") ?? probe;
    const inline = getComputedStyle(paragraph).position;
    paragraph.style.position = "sticky";
    return { title: document.title, inline, bySetting: getComputedStyle(paragraph).position };
  });
  expect(outcome).toEqual({ title: "Instep", inline: "static", bySetting: "sticky" });
  await expect
    .poll(() => breaches.filter((text) => text.includes("Content Security Policy")).length)
    .toBeGreaterThanOrEqual(5);
  expect(new Set(asked)).toEqual(new Set([server.url]));
});
