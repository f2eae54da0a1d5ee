/** The calls for one conversation's instructions, and where its text can be had as a file. */
import type { ConversationDetail, ConversationSummary } from "@instep/protocol";
import { type Drafts, NEW_INSTRUCTIONS } from "../composer/drafts.ts";
import { askServer, isFailure, type Result } from "../sync/device.ts";

export interface InstructionCalls {
  /** `""` where there are none. */
  readonly read: () => Promise<Result<string>>;
  /** Text that says nothing takes them away. */
  readonly save: (text: string) => Promise<Result<unknown>>;
  /** What was written and not saved when they were last looked at, kept on the device; `""` where nothing was. */
  readonly unsaved: { readonly get: () => string; readonly set: (text: string) => void };
}

type KeptTexts = Pick<Drafts, "get" | "set">;

/** For one account: where another one has signed in meanwhile in this browser, each is refused. */
export function instructionCalls(accountId: string, conversationId: string, drafts: KeptTexts): InstructionCalls {
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
    unsaved: unsavedUnder(`instructions-${conversationId}`, drafts),
  };
}

/** Those of a new chat, which are kept on the device until it is begun. */
export function draftInstructions(drafts: KeptTexts): InstructionCalls {
  return {
    read: () => Promise.resolve(drafts.get(NEW_INSTRUCTIONS)),
    save: (text) => Promise.resolve(drafts.set(NEW_INSTRUCTIONS, text.trim() === "" ? "" : text)),
    unsaved: unsavedUnder(`unsaved-${NEW_INSTRUCTIONS}`, drafts),
  };
}

function unsavedUnder(key: string, drafts: KeptTexts): InstructionCalls["unsaved"] {
  return { get: () => drafts.get(key), set: (text) => drafts.set(key, text) };
}

/** A file that a link gives: JSON is what an import reads. */
export function conversationExportAddress(
  accountId: string,
  conversationId: string,
  format: "markdown" | "json",
): string {
  return `/api/export?${new URLSearchParams({ account: accountId, conversation: conversationId, format }).toString()}`;
}
