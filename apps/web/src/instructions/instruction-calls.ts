/** The calls for one conversation's instructions. */
import type { ConversationDetail, ConversationSummary } from "@instep/protocol";
import { type Drafts, NEW_INSTRUCTIONS } from "../composer/drafts.ts";
import { askAs } from "../sync/ask-as.ts";
import { isFailure, type Result } from "../sync/device.ts";

export interface InstructionCalls {
  /** `""` where there are none. */
  readonly read: () => Promise<Result<string>>;
  /** Text that says nothing takes them away. */
  readonly save: (text: string) => Promise<Result<unknown>>;
  /** What was written and not saved when they were last looked at, kept on the device; `""` where nothing was. */
  readonly unsaved: { readonly get: () => string; readonly set: (text: string) => void };
}

type KeptTexts = Pick<Drafts, "get" | "set">;

/** For one account. */
export function instructionCalls(accountId: string, conversationId: string, drafts: KeptTexts): InstructionCalls {
  const ask = askAs(accountId);
  const path = `conversations/${encodeURIComponent(conversationId)}`;
  return {
    read: async () => {
      const detail = await ask<ConversationDetail>(path, { query: { message_limit: 1 } });
      return isFailure(detail) ? detail : (detail.instructions ?? "");
    },
    save: (text) => {
      const instructions = text.trim() === "" ? null : text;
      return ask<ConversationSummary>(path, { method: "PATCH", body: { instructions } });
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
