/** Looking at what once stood in a place of the open conversation; only this page sees it, until it is used [MSG-5]. */
import type { Message, MessageVersion } from "@instep/protocol";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { tellFailure } from "../toasts/tell-failure.ts";
import { useToasts } from "../toasts/toast-store.ts";
import { type ConversationView, isFailure } from "../sync/device.ts";
import { useDevice } from "../sync/device-context.ts";

/** The place that is looked at, and which of its versions is shown. */
interface Looking {
  /** Where the reader was, as an object of its own: whoever has left it does not come back to it. */
  readonly reader: object;
  /** Of the live message that stands there. */
  readonly seq: number;
  readonly versions: readonly MessageVersion[];
  readonly index: number;
}

export interface EarlierVersion {
  /** The view as it is shown: with an earlier version in its place, or the live one. */
  readonly view: ConversationView;
  /** The seq of the message that shows a version, and the version's number from 1; null where everything is live. */
  readonly shown: { readonly seq: number; readonly number: number; readonly count: number } | null;
  /** Goes so many versions on from the one that is shown in the place of a message. */
  readonly step: (message: Message, by: number) => void;
  /** Makes the version that is shown the live one. Resolves with whether it is. */
  readonly use: () => Promise<boolean>;
  readonly leave: () => void;
  /**
   * Whoever writes under an earlier version goes on from there: it is used first, and until it is, the words stay in the box, which is kept
   * on the device [DEV-12].
   */
  readonly send: (take: () => string, send: (text: string) => void) => void;
}

export function useEarlierVersion(id: string | null, view: ConversationView): EarlierVersion {
  const { versions } = useDevice();
  const toasts = useToasts();
  const [looking, setLooking] = useState<Looking | null>(null);
  /** The last place's presses, while its versions are on their way. */
  const pressed = useRef<{ readonly seq: number; by: number } | null>(null);
  const lastSeq = view.hasLater ? null : view.messages.at(-1)?.seq;
  // Another one once the reader is led elsewhere, or the live conversation moves on: what was looked at may stand elsewhere then.
  const reader = useMemo(() => ({}), [id, view.found, lastSeq]);
  useEffect(() => {
    pressed.current = null;
  }, [reader]);
  const isThere = looking?.reader === reader && view.messages.some(({ seq }) => seq === looking.seq);
  const current = isThere ? looking : null;
  const version = current?.versions[current.index] ?? null;
  const shownView = useMemo(
    () => (current && version ? viewWith(view, current.seq, version) : view),
    [view, current, version],
  );
  const first = version?.messages[0];
  const latest = useRef(step);
  latest.current = step;
  const stableStep = useCallback((message: Message, by: number) => void latest.current(message, by), []);
  return {
    view: shownView,
    shown: current && first ? { seq: first.seq, number: current.index + 1, count: current.versions.length + 1 } : null,
    step: stableStep,
    use,
    leave: () => look(null),
    send: (take, send) => {
      const sendTaken = () => {
        const text = take();
        if (text.trim() !== "") send(text);
      };
      if (version === null) sendTaken();
      else void use().then((isBack) => isBack && sendTaken());
    },
  };

  /** Whatever was pressed before and is still on its way is wanted no more. */
  function look(at: Looking | null): void {
    pressed.current = null;
    setLooking(at);
  }

  async function step({ seq }: Message, by: number): Promise<void> {
    if (current && seq === first?.seq) {
      const index = current.index + by;
      return look(index < current.versions.length ? { ...current, index: Math.max(0, index) } : null);
    }
    if (id === null) return;
    if (pressed.current?.seq === seq) {
      pressed.current.by += by;
      return;
    }
    const press = { seq, by };
    pressed.current = press;
    const listing = versions.list(id, seq);
    const list = await listing;
    // Another place was pressed since, or another conversation opened: that is what is wanted now.
    if (pressed.current !== press) return;
    pressed.current = null;
    if (isFailure(list)) await tellFailure(toasts, `versions-${id}`, listing);
    else if (list.length > 0) {
      setLooking({ reader, seq, versions: list, index: Math.max(0, list.length + press.by) });
    }
  }

  async function use(): Promise<boolean> {
    if (id === null || version === null) return true;
    const result = versions.bringBack(id, version.version_id);
    void tellFailure(toasts, `versions-${id}`, result);
    const outcome = await result;
    const isGone = isFailure(outcome) && outcome.failed === "version_not_found";
    if (isGone || !isFailure(outcome)) setLooking(null);
    return !isFailure(outcome);
  }
}

function viewWith(view: ConversationView, seq: number, { messages }: MessageVersion): ConversationView {
  const before = view.messages.filter((message) => message.seq < seq);
  return { ...view, messages: [...before, ...messages], reply: null, pending: [], turnFailure: null };
}
