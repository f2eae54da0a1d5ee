/** The suggestions of a new chat, and the ways on: a model of one's own, one's history, and hints that go away. */
import X from "lucide-react/icons/x";
import { useState } from "preact/hooks";
import { IconButton } from "../design/icon-button.tsx";
import { useCopy } from "../design/use-copy.ts";
import { useEnvironment } from "../environment.ts";
import { useConversationIds } from "../sync/use-conversations.ts";

export interface NewChatPartsProps {
  /** The built-in demo model answers. */
  readonly isDemo: boolean;
  /** Whoever looks at the page runs the server. */
  readonly isLocal: boolean;
  readonly onAsk: (text: string) => void;
}

const SUGGESTIONS = [
  { label: "Explain something", text: "Explain in three sentences how tides work" },
  { label: "Show me code", text: "Show me a Python function that counts the words of a text, as code" },
  { label: "Write something long", text: "Write 300 words about rain" },
];
const MODEL_LINES = "OPENAI_BASE_URL=http://127.0.0.1:11434/v1\nOPENAI_API_KEY=none";
const IMPORT_LINE = "npm run instep -- import conversations.json";
const HINT_KEY = "instep.hint-gone";
/** Whoever has begun so many chats knows the way. */
const HINTS_UNTIL = 3;

export function NewChatParts({ isDemo, isLocal, onAsk }: NewChatPartsProps) {
  return (
    <>
      <ul class="suggestions" aria-label="Suggestions">
        {SUGGESTIONS.map(({ label, text }) => (
          <li key={label}>
            <button type="button" class="suggestion" onClick={() => onAsk(text)}>
              <strong>{label}</strong>
              <span>{text}</span>
            </button>
          </li>
        ))}
        <li>
          <a class="suggestion" href="/" target="_blank" rel="noopener">
            <strong>Open me in a second tab</strong>
            <span>and watch both stay in step</span>
          </a>
        </li>
      </ul>
      <div class="ways-on">
        {isDemo && <ConnectModel isLocal={isLocal} />}
        <BringHistory isLocal={isLocal} />
      </div>
      <Hint />
    </>
  );
}

function ConnectModel({ isLocal }: { readonly isLocal: boolean }) {
  return (
    <details>
      <summary>
        Answers come from a built-in demo · <span class="link">Connect a model</span>
      </summary>
      <p>
        {isLocal ? "Put" : "Whoever runs this server puts"} two lines like these into the file <code>.env</code>, and{" "}
        {isLocal ? "start" : "starts"} Instep again. Any OpenAI-compatible server will do; these are Ollama's.
      </p>
      <Lines name="Copy the two lines" text={MODEL_LINES} />
    </details>
  );
}

function BringHistory({ isLocal }: { readonly isLocal: boolean }) {
  return (
    <details>
      <summary>
        <span class="link">Bring your history</span>
      </summary>
      <p>
        An export of ChatGPT, Claude, Open WebUI or Instep becomes conversations here.{" "}
        {isLocal ? "In the folder of Instep:" : "Whoever runs this server reads it in:"}
      </p>
      <Lines name="Copy the command" text={isLocal ? IMPORT_LINE : `${IMPORT_LINE} you@example.org`} />
    </details>
  );
}

function Lines({ name, text }: { readonly name: string; readonly text: string }) {
  const [hasCopied, copy] = useCopy();
  return (
    <div class="lines-to-copy">
      <pre>{text}</pre>
      <button type="button" class="button" aria-label={name} onClick={() => copy(text)}>
        {hasCopied ? "Copied" : "Copy"}
      </button>
    </div>
  );
}

/** Goes away for good when it is told to, and by itself after a few chats. */
function Hint() {
  const { keyValue } = useEnvironment();
  const [isGone, setIsGone] = useState(() => keyValue.get(HINT_KEY) !== null);
  const chats = useConversationIds(false).length;
  if (isGone || chats >= HINTS_UNTIL) return null;
  return (
    <p class="hint">
      <span>Go on writing while a reply is written: what you send is queued. Shift with Enter begins a new line.</span>
      <IconButton
        label="Hide this hint"
        icon={X}
        onClick={() => {
          keyValue.set(HINT_KEY, "1");
          setIsGone(true);
        }}
      />
    </p>
  );
}
