/** Parts of the page that most visits never need: each is loaded when it is first shown, and says so where it can't be. */
import type { ComponentType } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { useBackCloses } from "../routing/use-back-closes.ts";
import { t } from "../words/words.ts";

/** Longer than a part takes that comes at all. */
const WITHIN_MS = 20_000;
/** One that is still waited for then comes now or not at all: a browser may ask for a module once in a page's life only. */
const AGAIN_WITHIN_MS = 3_000;
/** As long as a timer can take. */
const ANY_MS = 2 ** 31 - 1;

/** A component that `load` may bring before it is shown. */
export type LazyComponent<Props> = ComponentType<Props> & { readonly load: () => Promise<void> };

/** A component in whose place stands that it is loading, or that it can't be loaded. */
export function lazyPart<Props extends object>(load: () => Promise<ComponentType<Props>>): LazyComponent<Props> {
  return partOf(load, false, false);
}

/** One in whose place nothing stands while it is loading. */
export function quietLazyPart<Props extends object>(load: () => Promise<ComponentType<Props>>): LazyComponent<Props> {
  return partOf(load, true, false);
}

/** One that nobody asked for: quiet, and it may take as long as a slow connection does. */
export function patientLazyPart<Props extends object>(load: () => Promise<ComponentType<Props>>): LazyComponent<Props> {
  return partOf(load, true, true);
}

function partOf<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  isQuiet: boolean,
  isPatient: boolean,
): LazyComponent<Props> {
  let known: ComponentType<Props> | null = null;
  let isPending = false;
  const loadKnown = async () => {
    isPending = true;
    known ??= await load().catch(() => null);
    isPending = false;
  };

  return Object.assign(Lazy, { load: loadKnown });

  function Lazy(props: Props) {
    const [Loaded, setLoaded] = useState(() => known);
    const [hasFailed, setHasFailed] = useState(false);
    /** Resolves when it is there, or has had its time; one that comes later is shown then. */
    const begin = useCallback(
      (withinMs: number) =>
        new Promise<void>((resolve) => {
          setHasFailed(false);
          const end = () => {
            clearTimeout(late);
            setLoaded(() => known);
            setHasFailed(known === null);
            resolve();
          };
          const late = setTimeout(end, isPatient ? ANY_MS : withinMs);
          void loadKnown().then(end);
        }),
      [],
    );
    const retry = async () => {
      await begin(isPending ? AGAIN_WITHIN_MS : WITHIN_MS);
      if (known === null) await beginPageAnew();
    };
    useEffect(() => {
      if (known === null) void begin(WITHIN_MS);
      else setLoaded(() => known);
    }, [begin]);
    if (Loaded) return <Loaded {...props} />;
    if (hasFailed) return <NotLoaded onRetry={() => void retry()} onClose={closingOf(props)} />;
    return isQuiet ? null : <p role="status">{t("Loading…")}</p>;
  }
}

/** Where the server is back, another page can have the part. Drafts are kept. */
async function beginPageAnew(): Promise<void> {
  const answer = await fetch("/healthz", { signal: AbortSignal.timeout(AGAIN_WITHIN_MS) }).catch(() => null);
  if (answer?.ok) location.reload();
}

/** What closes the part, where it can be closed: then it can be while it isn't there, too. */
function closingOf(props: object): (() => void) | null {
  const close: unknown = "onClose" in props ? props.onClose : null;
  return typeof close === "function" ? () => void close() : null;
}

interface NotLoadedProps {
  readonly onRetry: () => void;
  readonly onClose: (() => void) | null;
}

function NotLoaded({ onRetry, onClose }: NotLoadedProps) {
  useBackCloses(onClose !== null, () => onClose?.());
  return (
    <div class="not-loaded">
      <p role="alert">{t("This could not be loaded. Check your connection, and try again.")}</p>
      <button type="button" class="button" onClick={onRetry}>
        {t("Try again")}
      </button>
      {onClose && (
        <button type="button" class="button plain" onClick={onClose}>
          {t("Close")}
        </button>
      )}
    </div>
  );
}
