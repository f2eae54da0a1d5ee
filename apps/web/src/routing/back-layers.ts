/**
 * What lies over the page, as entries of the browser's history: Back closes the topmost layer before it leaves the page. The entries
 * follow what is open, and are brought in step with it afterwards: a traversal takes its time, and what closes one layer often opens
 * another one.
 */

/** The part of the browser's history that layers need. */
export interface LayerHistory {
  readonly state: unknown;
  readonly pushState: (state: unknown, unused: "") => void;
  readonly go: (delta: number) => void;
}

export interface BackLayersParts {
  readonly history: LayerHistory;
  /** Whether layers opened from here on take entries: with a mouse Back means the page, and its Forward is worth keeping. */
  readonly isWanted: () => boolean;
  /** Calls back once after `ms`. */
  readonly after: (ms: number, callback: () => void) => void;
}

export interface BackLayers {
  /** Opens a layer. `onBack` closes it when the person goes back; the returned function says that it was closed. */
  readonly enter: (onBack: () => void) => () => void;
  /** Whether the page stands at a layer's entry, which is the place of whatever is opened from there. */
  readonly isAtEntry: () => boolean;
  /** Acts once no traversal of this page's own is on its way, which would carry away whatever is written meanwhile. */
  readonly whenStill: (act: () => void) => void;
  /** Called where the person, or this page, has gone back or forward in the history. */
  readonly follow: () => void;
  /** Called where the page has written its entry anew. */
  readonly settle: () => void;
}

/** A traversal that nothing is heard of by then has led nowhere. */
const TRAVERSAL_MS = 1000;

export function createBackLayers({ history, isWanted, after }: BackLayersParts): BackLayers {
  const open: (() => void)[] = [];
  let traversals = 0;
  let isOnItsWay = false;
  let waiting: (() => void)[] = [];

  const arrive = (): void => {
    isOnItsWay = false;
    const acts = waiting;
    waiting = [];
    for (const act of acts) act();
    settleSoon();
  };
  const settle = (): void => {
    if (isOnItsWay) return;
    const depth = depthOf(history.state);
    for (let at = depth; at < open.length; at++) history.pushState({ ...asRecord(history.state), layers: at + 1 }, "");
    if (depth <= open.length) return;
    isOnItsWay = true;
    const traversal = ++traversals;
    after(TRAVERSAL_MS, () => isOnItsWay && traversal === traversals && arrive());
    history.go(open.length - depth);
  };
  // What one press does, and what is rendered for it, is over by then.
  const settleSoon = (): void => queueMicrotask(() => queueMicrotask(settle));

  settleSoon();
  return {
    enter: (onBack) => {
      if (!isWanted()) return () => undefined;
      const layer = () => onBack();
      open.push(layer);
      settleSoon();
      return () => {
        const at = open.indexOf(layer);
        if (at >= 0) open.splice(at, 1);
        settleSoon();
      };
    },
    isAtEntry: () => depthOf(history.state) > 0,
    whenStill: (act) => void (isOnItsWay ? waiting.push(act) : act()),
    follow: () => {
      if (isOnItsWay) return arrive();
      for (const layer of open.splice(depthOf(history.state)).toReversed()) layer();
      settleSoon();
    },
    settle: settleSoon,
  };
}

/** How many layers an entry of the history stands for. */
function depthOf(state: unknown): number {
  const { layers } = asRecord(state);
  return typeof layers === "number" ? layers : 0;
}

function asRecord(state: unknown): Readonly<Record<string, unknown>> {
  return typeof state === "object" && state !== null ? { ...state } : {};
}
