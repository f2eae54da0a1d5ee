/** Tokens for programs: made with a name and an end, shown once, listed, taken away. */
import type { TokenList, TokenMade } from "@instep/protocol";
import { useRef, useState } from "preact/hooks";
import { copyWords, useCopy } from "../design/use-copy.ts";
import type { AccountCalls } from "./account-calls.ts";
import { AccountPart, Done, Field, focusInView, Problem } from "./account-part.tsx";
import { AccountRow } from "./account-row.tsx";
import { useUnsaved } from "./unsaved.ts";
import { useListed, useTask } from "../sync/use-task.ts";
import { shortDate } from "./short-date.ts";
import { type English, t } from "../words/words.ts";

type Token = TokenList["tokens"][number];

/** Days, or none. */
const LIVES: readonly (readonly [string, English])[] = [
  ["30", "30 days"],
  ["90", "90 days"],
  ["365", "1 year"],
  ["", "No end"],
];
const MAX_NAME_LENGTH = 200;

export function TokenPart({ calls }: { readonly calls: AccountCalls }) {
  const { value, problem, reload } = useListed(calls.tokens);
  const task = useTask();
  const [made, setMade] = useState<TokenMade | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const tokens = value?.tokens ?? [];
  const heading = useRef<HTMLHeadingElement>(null);

  const end = async ({ id, name }: Token) => {
    setDone(null);
    if ((await task.run(() => calls.endToken(id), reload)) === null) return;
    setDone(t("{name} lets nobody in any more.", { name }));
    if (made?.id === id) setMade(null);
  };
  return (
    <AccountPart
      title={t("Tokens for programs")}
      hint={t("A program that sends one can do what you can do with your conversations.")}
      headingRef={heading}
    >
      <ul class="account-list" aria-label={t("Tokens")} hidden={tokens.length === 0}>
        {tokens.map((token) => (
          <AccountRow
            key={token.id}
            name={token.name}
            note={t("Made {date}, {until}", { date: shortDate(token.created_at), until: untilWords(token.expires_at) })}
            action={{ verb: t("Delete"), run: () => void end(token) }}
            isBusy={task.isBusy}
            heir={() => heading.current}
          />
        ))}
      </ul>
      <Problem problem={task.problem ?? problem} />
      <Done words={done} />
      {made && <MadeToken token={made.token} onDone={() => setMade(null)} />}
      <NewTokenForm
        calls={calls}
        onMade={(token) => {
          setMade(token);
          setDone(null);
          void reload();
        }}
      />
    </AccountPart>
  );
}

/** The only time that it is shown. */
function MadeToken({ token, onDone }: { readonly token: string; readonly onDone: () => void }) {
  const [isCopied, copy] = useCopy();
  useUnsaved(true);
  return (
    <div class="account-secret" role="status">
      <p>{t("Copy it where it is needed: it is not shown again.")}</p>
      <code>{token}</code>
      <div class="account-actions">
        <button type="button" class="button primary" ref={focusInView} onClick={() => copy(token)}>
          {copyWords(isCopied) ?? t("Copy")}
        </button>
        <button type="button" class="button" onClick={onDone}>
          {t("Done")}
        </button>
      </div>
    </div>
  );
}

interface NewTokenFormProps {
  readonly calls: AccountCalls;
  readonly onMade: (token: TokenMade) => void;
}

function NewTokenForm({ calls, onMade }: NewTokenFormProps) {
  const [name, setName] = useState("");
  const [life, setLife] = useState(LIVES[1]?.[0] ?? "");
  const task = useTask();
  const make = async () => {
    const ending = life === "" ? {} : { expires_in_days: Number(life) };
    const token = await task.run(() => calls.makeToken({ name: name.trim(), ...ending }));
    if (token === null) return;
    setName("");
    onMade(token);
  };
  return (
    <form
      class="account-form"
      aria-label={t("New token")}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") void make();
      }}
    >
      <div class="account-fields">
        <Field label={t("Token name")} value={name} onInput={setName} maxLength={MAX_NAME_LENGTH} />
        <label class="account-field">
          {t("Lasts")}
          <select value={life} onChange={(event) => setLife(event.currentTarget.value)}>
            {LIVES.map(([days, words]) => (
              <option key={days} value={days}>
                {t(words)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Problem problem={task.problem} />
      <button type="submit" class="button" aria-disabled={task.isBusy}>
        {t("Make a token")}
      </button>
    </form>
  );
}

function untilWords(expiresAt: string | null): string {
  return expiresAt === null ? t("no end") : t("until {date}", { date: shortDate(expiresAt) });
}
