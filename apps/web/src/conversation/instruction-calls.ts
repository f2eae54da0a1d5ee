/** The calls for one conversation's instructions, and where its text can be had as a file. */
import type { ConversationDetail, ConversationSummary } from "@instep/protocol";
import { type Drafts, NEW_INSTRUCTIONS } from "../composer/drafts.ts";
import { askServer, isFailure, type Result } from "../sync/device.ts";

export interface InstructionCalls {
  /** `""` where there are none. */
  readonly read: () => Promise<Result<string>>;
  /** Text that says nothing takes them away. */
  readonly save: (text: string) => Promise<Result<unknown>>;
}

/** For one account: where another one has signed in meanwhile in this browser, each is refused. */
export function instructionCalls(accountId: string, conversationId: string): InstructionCalls {
  const options = { headers: { "instep-account": accountId } };
  const path = `conversations/${encodeURIComponent(conversationId)}`;
  return {
    read: async () => {
      const detail = await askServer<ConversationDetail>(options, path, { query: { message_limit: 1 } });
      return isFailure(detail) ? detail : (detail.instructions ?? "");
    },
    save: (text) => {
      const instructions = text.trim() === "" ? null : text;
      return askServer<ConversationSummary>(options, path, { method: "PATCH", body: { instructions } });
    },
  };
}

/** Those of a new chat, which are kept on the device until it is begun. */
export function draftInstructions(drafts: Pick<Drafts, "get" | "set">): InstructionCalls {
  return {
    read: () => Promise.resolve(drafts.get(NEW_INSTRUCTIONS)),
    save: (text) => Promise.resolve(drafts.set(NEW_INSTRUCTIONS, text.trim() === "" ? "" : text)),
  };
}

/** A file that a link gives: JSON is what an import reads. */
export function conversationExportAddress(
  accountId: string,
  conversationId: string,
  format: "markdown" | "json",
): string {
  return `/api/export?${new URLSearchParams({ account: accountId, conversation: conversationId, format }).toString()}`;
}
