/** What stands under the message box of a new chat: something to ask, a second tab, and on the first days how to go on from here. */
import type { Config } from "@instep/protocol";
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { NewChatPartsProps } from "./new-chat-parts.tsx";
import "./new-chat.css";

export interface NewChatHelpProps {
  readonly config: Config;
  /** Sends a text as the first message. */
  readonly onAsk: (text: string) => void;
  /** Opens the import. */
  readonly onImport: (files: readonly File[]) => void;
}

/** Keeps the room that its parts will need, so that the box doesn't move when they are loaded. */
export function NewChatHelp({ config, onAsk, onImport }: NewChatHelpProps) {
  const [Parts, setParts] = useState<ComponentType<NewChatPartsProps> | null>(null);
  useEffect(() => {
    // Without them one can write all the same.
    void import("./new-chat-parts.tsx").then(
      ({ NewChatParts }) => setParts(() => NewChatParts),
      () => undefined,
    );
  }, []);
  const help = { isDemo: config.is_demo === true, isLocal: config.auth.mode === "local", onAsk, onImport };
  return <div class="new-chat-help">{Parts && <Parts {...help} />}</div>;
}
