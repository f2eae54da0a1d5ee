/** A tab as a person sees it: what SPEC section 7 names, and what one does there. */
import { expect, type Locator, type Page } from "@playwright/test";

export class ChatPage {
  readonly page: Page;
  readonly sidebar: Locator;
  readonly messages: Locator;
  readonly input: Locator;
  readonly sendButton: Locator;
  readonly stopButton: Locator;
  readonly newChat: Locator;
  readonly banner: Locator;
  readonly divider: Locator;
  readonly toasts: Locator;
  readonly status: Locator;

  /** `listName`: what the list of conversations is called, which is other words in another language. */
  constructor(page: Page, listName = "Conversations") {
    this.page = page;
    this.sidebar = page.locator(`nav[aria-label="${listName}"]`);
    this.messages = page.locator("#messages");
    this.input = page.locator("#message-input");
    this.sendButton = page.locator("#send-btn");
    this.stopButton = page.locator("#stop-btn");
    this.newChat = page.locator("#new-chat-btn");
    this.banner = page.locator(".new-messages-banner");
    this.divider = page.locator(".new-messages-divider");
    this.toasts = page.locator(".toast");
    this.status = page.locator("#sync-status");
  }

  rows(): Locator {
    return this.sidebar.locator(".conversation-item");
  }

  row(id: string): Locator {
    return this.sidebar.locator(`.conversation-item[data-conversation-id="${id}"]`);
  }

  badge(id: string): Locator {
    return this.row(id).locator(".unread-badge");
  }

  title(id: string): Locator {
    return this.row(id).locator(".conversation-title");
  }

  userMessages(): Locator {
    return this.messages.locator(".message.user");
  }

  replies(): Locator {
    return this.messages.locator(".message.assistant");
  }

  streaming(): Locator {
    return this.messages.locator(".message.assistant.streaming");
  }

  /** The conversation that the address names; null for a new chat. */
  conversationId(): string | null {
    return /\/c\/([0-9a-f-]+)/.exec(this.page.url())?.[1] ?? null;
  }

  async open(id: string): Promise<void> {
    await this.row(id).click();
    await expect(this.row(id)).toHaveAttribute("aria-current", "page");
    await expect(this.messages).toBeVisible();
  }

  async send(text: string): Promise<void> {
    await this.input.fill(text);
    await this.sendButton.click();
  }

  /** Waits for the reply to the last message to be whole. */
  async untilReplied(replies: number): Promise<void> {
    await expect(this.streaming()).toHaveCount(0);
    await expect(this.replies()).toHaveCount(replies);
    await expect(this.stopButton).toHaveCount(0);
  }

  /** Waits until a message has been sent in vain: only then is it surely stored, where it can be. */
  async untilSentInVain(): Promise<void> {
    await expect(this.messages.locator(".message.pending").getByRole("button", { name: "Retry" })).toBeVisible();
  }

  /** Picks an item of a row's menu. */
  async act(id: string, item: string): Promise<void> {
    await this.row(id).hover();
    await this.row(id).getByRole("button", { name: "Conversation actions" }).click();
    await this.page.getByRole("menuitem", { name: item }).click();
  }

  /** Types a new title over that of a conversation whose Rename was picked: the field may still be loading. */
  async enterTitle(title: string): Promise<void> {
    await this.untilFocusIsOn(this.page.getByRole("textbox", { name: "Conversation title" }));
    await this.page.keyboard.type(title);
    await this.page.keyboard.press("Enter");
  }

  /** Waits for the page to have its focus there, whether or not the browser gives its window one. */
  async untilFocusIsOn(target: Locator): Promise<void> {
    await expect.poll(() => target.evaluate((element) => element === document.activeElement)).toBe(true);
  }

  /** The same, for something inside it. */
  async untilFocusIsIn(part: Locator): Promise<void> {
    const isInside = (element: Element): boolean =>
      element !== document.activeElement && element.contains(document.activeElement);
    await expect.poll(() => part.evaluate(isInside)).toBe(true);
  }

  /** Tells the page that it is hidden, or to be seen again, as the browser would. */
  async setVisible(isVisible: boolean): Promise<void> {
    await this.page.evaluate((visible) => {
      Object.defineProperty(document, "visibilityState", {
        configurable: true,
        get: () => (visible ? "visible" : "hidden"),
      });
      Object.defineProperty(document, "hidden", { configurable: true, get: () => !visible });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    }, isVisible);
  }

  /** Freezes the tab as an energy saver does: no timer, no callback runs; or wakes it. */
  async setFrozen(isFrozen: boolean): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    await session.send("Page.setWebLifecycleState", { state: isFrozen ? "frozen" : "active" });
    await session.detach();
  }
}
