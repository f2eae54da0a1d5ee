/** Reads a conversation of any export that is known, told by its shape. */
import { readChatGptConversation } from "./chatgpt-conversation.ts";
import { isClaudeConversation, readClaudeConversation } from "./claude-conversation.ts";
import type { ReadConversation } from "./conversation-reading.ts";
import { isOpenWebUiConversation, readOpenWebUiConversation } from "./open-webui-conversation.ts";

export const readConversation: ReadConversation = (value, now) => {
  if (isClaudeConversation(value)) return readClaudeConversation(value, now);
  if (isOpenWebUiConversation(value)) return readOpenWebUiConversation(value, now);
  return readChatGptConversation(value, now);
};
