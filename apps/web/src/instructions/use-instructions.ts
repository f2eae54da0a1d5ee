/** A conversation's instructions while they are written: read, kept on the device until they are saved or cancelled, and saved. */
import { MAX_INSTRUCTIONS_LENGTH } from "@instep/protocol";
import { useEffect, useRef, useState } from "preact/hooks";
import { failureText } from "../errors/failure-texts.ts";
import { type Failure, isFailure } from "../sync/device.ts";
import { useToasts } from "../toasts/toast-store.ts";
import { t } from "../words/words.ts";
import type { InstructionCalls } from "./instruction-calls.ts";

export interface WrittenInstructions {
  /** Null until they are read. */
  readonly text: string | null;
  /** Whether that is what is in force. */
  readonly isSaved: boolean;
  /** Whether it was written and not saved when they were last looked at. */
  readonly isFoundAgain: boolean;
  /** Characters more than fit. */
  readonly excess: number;
  /** Whether others were saved elsewhere since they were read: saving once more replaces those. */
  readonly isOvertaken: boolean;
  readonly problem: Failure | null;
  readonly isSaving: boolean;
  readonly readAgain: () => void;
  readonly write: (text: string) => void;
  readonly save: () => Promise<void>;
  /** Drops what is not saved. */
  readonly finish: () => void;
}

const TOAST = "instructions";

/** `onClose` is called where they are saved, or cancelled. */
export function useInstructions(calls: InstructionCalls, onClose: () => void): WrittenInstructions {
  const toasts = useToasts();
  const [text, setText] = useState<string | null>(null);
  const [readText, setReadText] = useState<string | null>(null);
  const [hasFoundUnsaved, setFoundUnsaved] = useState(false);
  const [isOvertaken, setOvertaken] = useState(false);
  const [problem, setProblem] = useState<Failure | null>(null);
  const [isSaving, setSaving] = useState(false);
  const [reading, setReading] = useState(0);
  useEffect(() => {
    let isWanted = true;
    const read = async () => {
      const found = await calls.read();
      if (!isWanted) return;
      if (isFailure(found)) return setProblem(found);
      const unsaved = calls.unsaved.get();
      setReadText(found);
      setText(unsaved || found);
      setFoundUnsaved(unsaved !== "");
    };
    void read();
    return () => void (isWanted = false);
  }, [calls, reading]);
  const written = useRef(text);
  written.current = text;
  const isOpen = useRef(true);
  useEffect(() => () => void (isOpen.current = false), []);
  /** Closed meanwhile, nobody sees the field any more, in which they are found again. */
  const tell = (why: string, inField: () => void): void => {
    if (isOpen.current) inField();
    else toasts.show({ id: TOAST, text: t("The instructions are not saved yet. {why}", { why }), tone: "error" });
  };
  const excess = Math.max(0, (text ?? "").length - MAX_INSTRUCTIONS_LENGTH);
  const isSaved = text === readText;
  const finish = () => {
    calls.unsaved.set("");
    onClose();
  };
  return {
    text,
    isSaved,
    isFoundAgain: hasFoundUnsaved && !isSaved,
    excess,
    isOvertaken,
    problem,
    isSaving,
    readAgain: () => {
      setProblem(null);
      setReading(reading + 1);
    },
    write: (now) => {
      setText(now);
      calls.unsaved.set(now === readText ? "" : now);
    },
    save: async () => {
      if (text === null || excess > 0 || isSaving) return;
      setSaving(true);
      setProblem(null);
      setOvertaken(false);
      const standing = await calls.read();
      const hasOthers = !isFailure(standing) && standing !== readText && standing !== text;
      const saved = isFailure(standing) || hasOthers ? standing : await calls.save(text);
      setSaving(false);
      if (isFailure(saved)) return tell(failureText(saved.failed).title, () => setProblem(saved));
      if (hasOthers) {
        return tell(t("They were changed elsewhere meanwhile."), () => {
          setReadText(standing);
          setOvertaken(true);
        });
      }
      // Closed, it may have been opened anew, and be written in.
      if (!isOpen.current) return calls.unsaved.get() === text ? calls.unsaved.set("") : undefined;
      if (written.current === text) return finish();
      // What was written meanwhile is not saved by that.
      setReadText(text);
      calls.unsaved.set(written.current ?? "");
    },
    finish,
  };
}
