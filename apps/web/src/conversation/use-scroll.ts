/** Where the reader is: follows the end only while the reader is there, and keeps the place when older messages come in above. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { ScrollAnchor } from "./scroll-anchor.ts";
import { TurnRoom } from "./turn-room.ts";

const AT_END_PX = 48;
const NEAR_PX = 700;

export interface Scroll {
  readonly frame: { readonly current: HTMLDivElement | null };
  readonly content: { readonly current: HTMLDivElement | null };
  /** Whether the newest message is in view. */
  readonly isAtEnd: boolean;
  readonly handleScroll: () => void;
  readonly jumpToEnd: () => void;
  /** A message that begins to be edited keeps its place, and the end isn't followed until that is over. */
  readonly handleFocus: (event: FocusEvent) => void;
  /** The reader was led to an element: it keeps its place, and the end isn't followed unless it is in view there. */
  readonly stay: (element: Element) => void;
}

export interface ScrollInput {
  /** A change of it starts over, at the end. */
  readonly conversationId: string;
  /** The oldest message shown; a change of it means that older ones came in. */
  readonly firstSeq: number | null;
  /** The place to show first, instead of the end: where the new begins. */
  readonly dividerSeq: number | null;
  /** A send that was refused because there is more: what is new comes by itself then, and may not push it out of view. */
  readonly staleSendId: string | null;
  readonly onNearTop: () => void;
  /** The last message shown is not the newest: its end is no end. */
  readonly hasLater: boolean;
  /** A search led to a message: the divider moves nothing. */
  readonly isFound: boolean;
  readonly onNearBottom: () => void;
  /** Goes up by one with a send of the reader's own: it goes to the top, and what answers it grows below. */
  readonly sendCount: number;
  /** What is new flows in at the end: the divider leads nobody away from there. */
  readonly isFlowing: () => boolean;
}

export function useScroll(input: ScrollInput): Scroll {
  const { conversationId, firstSeq, dividerSeq, staleSendId } = input;
  const frame = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const height = useRef(0);
  const lastTop = useRef(0);
  const [anchor] = useState(() => new ScrollAnchor());
  const [room] = useState(() => new TurnRoom());
  const shownCount = useRef(input.sendCount);
  const isNewDivider = useIsNew<number>((seq, shown) => seq >= shown);
  const isNewSend = useIsNew<string>((id, shown) => id !== shown);
  const latest = useRef(input);
  latest.current = input;
  const [isAtEnd, setIsAtEnd] = useState(true);

  const jumpToEnd = useCallback(() => {
    follows.current = true;
    setIsAtEnd(true);
    if (frame.current) frame.current.scrollTop = frame.current.scrollHeight;
  }, []);

  const isEndShown = () => !latest.current.hasLater && isEndInView(frame.current);
  const stay = (shown: Element) => {
    follows.current = isEndShown();
    setIsAtEnd(follows.current);
    if (frame.current) anchor.set(frame.current, shown);
  };
  const edit = useEdit(follows, isEndShown, stay);

  useLayoutEffect(jumpToEnd, [conversationId]);
  useEffect(() => {
    if (content.current && shownCount.current !== input.sendCount) room.await(content.current);
    shownCount.current = input.sendCount;
    jumpToEnd();
  }, [input.sendCount]);

  // Older messages push everything down by their height: the reader's place moves with it.
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    if (follows.current) element.scrollTop = element.scrollHeight;
    else if (!anchor.restore(element)) element.scrollTop += element.scrollHeight - height.current;
    height.current = element.scrollHeight;
  }, [firstSeq]);

  // What is shown has joined on to the newest: its end has become the end, and nothing else may tell.
  useLayoutEffect(() => setIsAtEnd((follows.current ||= isEndShown())), [input.hasLater]);

  useLayoutEffect(() => {
    // Older pages of what is new only move it up, away from where one reads.
    if (!isNewDivider(dividerSeq) || latest.current.isFound) return;
    if (isNewSend(staleSendId) || (follows.current && latest.current.isFlowing())) return jumpToEnd();
    const divider = content.current?.querySelector(".new-messages-divider");
    divider?.scrollIntoView({ block: "center" });
    if (divider) stay(divider);
  }, [dividerSeq]);

  useResized(frame, content, (element, inside) => {
    room.make(inside, element.clientHeight);
    height.current = element.scrollHeight;
    if (follows.current) element.scrollTop = element.scrollHeight;
    else anchor.restore(element);
    setIsAtEnd(follows.current || isEndShown());
  });

  const handleScroll = () => {
    const element = frame.current;
    if (!element) return;
    height.current = element.scrollHeight;
    const isEnd = isEndShown();
    // The event comes late: by then the text may have grown. Only a move upwards is the reader's wish to leave the end.
    if (isEnd || element.scrollTop < lastTop.current) follows.current = isEnd && !edit.isOpen();
    lastTop.current = element.scrollTop;
    if (content.current && !follows.current) anchor.note(element, content.current);
    setIsAtEnd(follows.current || isEnd);
    tellNear(element, latest.current);
  };
  return { frame, content, isAtEnd, handleScroll, handleFocus: edit.handleFocus, jumpToEnd, stay };
}

/** Tells of each value whether it is another one than the last, as `differs` has it; where there is none, nothing is new. */
function useIsNew<T>(differs: (value: T, last: T) => boolean): (value: T | null) => boolean {
  const last = useRef<T | null>(null);
  return (value) => {
    const isNew = value !== null && (last.current === null || differs(value, last.current));
    last.current = value;
    return isNew;
  };
}

/** The message that is edited: it keeps its place, and the end is followed again once it is closed and the end in view. */
function useEdit(follows: { current: boolean }, isEndShown: () => boolean, stay: Scroll["stay"]) {
  const form = useRef<Element | null>(null);
  const isOpen = () => form.current?.isConnected === true;
  const handleFocus = ({ target }: FocusEvent) => {
    const opened = target instanceof Element && target.closest(".edit-message");
    if (opened) {
      form.current = opened;
      stay(opened);
      follows.current = false;
      return;
    }
    // The field that leaves its focus to the log is gone by then.
    requestAnimationFrame(() => (follows.current ||= !isOpen() && isEndShown()));
  };
  return { isOpen, handleFocus };
}

type Part = Scroll["frame"];

/** Both are watched from their first showing on: `onResize` may use nothing that a later render brings but through references. */
function useResized(frame: Part, content: Part, onResize: (frame: HTMLElement, content: HTMLElement) => void): void {
  useLayoutEffect(() => {
    const { current: outside } = frame;
    const { current: inside } = content;
    if (!outside || !inside) return undefined;
    const observer = new ResizeObserver(() => onResize(outside, inside));
    observer.observe(inside);
    observer.observe(outside);
    return () => observer.disconnect();
  }, []);
}

function isEndInView(element: HTMLElement | null): boolean {
  return element === null || belowOf(element) < AT_END_PX;
}

function tellNear(element: HTMLElement, { onNearTop, onNearBottom }: ScrollInput): void {
  if (element.scrollTop < NEAR_PX) onNearTop();
  if (belowOf(element) < NEAR_PX) onNearBottom();
}

/** How much of it is below what is in view. */
function belowOf(element: HTMLElement): number {
  return element.scrollHeight - element.scrollTop - element.clientHeight;
}
