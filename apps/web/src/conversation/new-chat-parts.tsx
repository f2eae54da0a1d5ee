/** The suggestions of a new chat, and the ways on: a model of one's own, one's history, and hints that go away. */
import X from "lucide-react/icons/x";
import { useRef, useState } from "preact/hooks";
import { IconButton } from "../design/icon-button.tsx";
import { copyWords, useCopy } from "../design/use-copy.ts";
import { useEnvironment } from "../environment.ts";
import { useConversationIds } from "../sync/use-conversations.ts";
import { t, tParts } from "../words/words.ts";

export interface NewChatPartsProps {
  /** The built-in demo model answers. */
  readonly isDemo: boolean;
  /** Whoever looks at the page runs the server. */
  readonly isLocal: boolean;
  readonly onAsk: (text: string) => void;
  readonly onImport: (files: readonly File[]) => void;
}

const SUGGESTIONS = [
  { label: "Explain something", text: "Explain in three sentences how tides work" },
  { label: "Show me code", text: "Show me a Python function that counts the words of a text, as code" },
  { label: "Write something long", text: "Write 300 words about rain" },
] as const;
const MODEL_LINES = "OPENAI_BASE_URL=http://127.0.0.1:11434/v1\nOPENAI_API_KEY=none";
const HINT_KEY = "instep.hint-gone";
/** Whoever has begun so many chats knows the way. */
const HINTS_UNTIL = 3;

export function NewChatParts({ isDemo, isLocal, onAsk, onImport }: NewChatPartsProps) {
  // One chat, though it was pressed twice before it is there.
  const isAsked = useRef(false);
  const ask = (text: string) => {
    if (!isAsked.current) onAsk(text);
    isAsked.current = true;
  };
  return (
    <>
      <ul class="suggestions" aria-label={t("Suggestions")}>
        {SUGGESTIONS.map(({ label, text }) => (
          <li key={label}>
            <button type="button" class="suggestion" onClick={() => ask(t(text))}>
              <strong>{t(label)}</strong>
              <span>{t(text)}</span>
            </button>
          </li>
        ))}
        <li>
          <a class="suggestion" href="/" target="_blank" rel="noopener">
            <strong>{t("Open me in a second tab")}</strong>
            <span>{t("and watch both stay in step")}</span>
          </a>
        </li>
      </ul>
      <div class="ways-on">
        {isDemo && <ConnectModel isLocal={isLocal} />}
        <button type="button" class="bring-history link" onClick={() => onImport([])}>
          {t("Bring your history")}
        </button>
      </div>
      <Hint />
    </>
  );
}

function ConnectModel({ isLocal }: { readonly isLocal: boolean }) {
  const file = <code>.env</code>;
  return (
    <details>
      <summary>
        {t("Answers come from a built-in demo")} · <span class="link">{t("Connect a model")}</span>
      </summary>
      <p>
        {isLocal
          ? tParts(
              "Put two lines like these into the file {file}, and start Instep again. Any OpenAI-compatible server will do; these are Ollama's.",
              { file },
            )
          : tParts(
              "Whoever runs this server puts two lines like these into the file {file}, and starts Instep again. Any OpenAI-compatible server will do; these are Ollama's.",
              { file },
            )}
      </p>
      <Lines name={t("Copy the two lines")} text={MODEL_LINES} />
    </details>
  );
}

function Lines({ name, text }: { readonly name: string; readonly text: string }) {
  const [isCopied, copy] = useCopy();
  return (
    <div class="lines-to-copy">
      <pre>{text}</pre>
      <button type="button" class="button" aria-label={name} onClick={() => copy(text)}>
        {copyWords(isCopied) ?? t("Copy")}
      </button>
    </div>
  );
}

/** Goes away for good when it is told to, and by itself after a few chats. */
function Hint() {
  const { keyValue, matches } = useEnvironment();
  const [isGone, setIsGone] = useState(() => keyValue.get(HINT_KEY) !== null);
  const chats = useConversationIds(false).length;
  if (isGone || chats >= HINTS_UNTIL) return null;
  return (
    <p class="hint">
      <span>
        {t("Go on writing while a reply is written: what you send is queued.")}
        {/* Under a finger, Enter alone does. */}
        {!matches("(pointer: coarse)") && ` ${t("Shift with Enter begins a new line.")}`}
      </span>
      <IconButton
        label={t("Hide this hint")}
        icon={X}
        onClick={() => {
          keyValue.set(HINT_KEY, "1");
          setIsGone(true);
        }}
      />
    </p>
  );
}
