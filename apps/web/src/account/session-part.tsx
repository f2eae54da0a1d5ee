/** Where one is signed in, and the end of it: one by one, everywhere else, or everywhere. */
import type { SessionList } from "@instep/protocol";
import { useRef, useState } from "preact/hooks";
import { agoWords } from "../time/span-words.ts";
import type { AccountCalls } from "./account-calls.ts";
import { AccountPart, Done, Problem } from "./account-part.tsx";
import { AccountRow } from "./account-row.tsx";
import { deviceWords } from "./device-words.ts";
import { useLeave } from "./leaving.ts";
import { useListed, useTask } from "../sync/use-task.ts";
import { t } from "../words/words.ts";

type Session = SessionList["sessions"][number];

const HOUR_MS = 3_600_000;

export interface SessionPartProps {
  readonly calls: AccountCalls;
  /** Unix milliseconds. */
  readonly now: number;
  /** This browser's own session was ended. */
  readonly onSignedOut: () => void;
}

export function SessionPart({ calls, now, onSignedOut }: SessionPartProps) {
  const { value, problem, reload } = useListed(calls.sessions);
  const task = useTask();
  const leave = useLeave();
  const [done, setDone] = useState<string | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const sessions = value?.sessions ?? [];
  const hasOthers = sessions.some((session) => !session.is_current);

  const end = async (words: string, work: Parameters<typeof task.run>[0]) => {
    setDone(null);
    // One that had ended by itself is no more in the list, either.
    if ((await task.run(work, reload)) !== null) setDone(words);
  };
  const endOne = (session: Session) =>
    end(t("{name} is signed out.", { name: nameOf(session) }), () => calls.endSession(session.id));
  const endEverywhere = async () => {
    if ((await task.run(() => leave(() => calls.endSessions(false)))) !== null) onSignedOut();
  };
  return (
    <AccountPart title={t("Where you are signed in")} headingRef={heading}>
      <ul class="account-list" aria-label={t("Sessions")}>
        {sessions.map((session) => (
          <AccountRow
            key={session.id}
            name={nameOf(session)}
            note={session.is_current ? t("This browser") : usedWords(now - Date.parse(session.last_used_at))}
            action={session.is_current ? null : { verb: t("Sign out"), run: () => void endOne(session) }}
            isBusy={task.isBusy}
            heir={() => heading.current}
          />
        ))}
      </ul>
      <Problem problem={task.problem ?? problem} />
      <Done words={done} />
      <div class="account-actions">
        {hasOthers && (
          <button
            type="button"
            class="button"
            aria-disabled={task.isBusy}
            onClick={() => void end(t("Every other browser is signed out."), () => calls.endSessions(true))}
          >
            {t("Sign out everywhere else")}
          </button>
        )}
        <button type="button" class="button" aria-disabled={task.isBusy} onClick={() => void endEverywhere()}>
          {t("Sign out everywhere")}
        </button>
      </div>
    </AccountPart>
  );
}

function nameOf({ device }: Session): string {
  return deviceWords(device);
}

/** The server notes a use once an hour. */
function usedWords(ms: number): string {
  return ms < HOUR_MS ? t("Used within the last hour") : t("Used {ago}", { ago: agoWords(ms) });
}
