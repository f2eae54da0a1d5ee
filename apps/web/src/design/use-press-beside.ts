/** A press on the very element that lies over the page, beside what stands in it. */
import { useRef } from "preact/hooks";

/**
 * Begun and ended there: what is selected and dragged out of a dialog is no press, and what closed as a finger came down would let the
 * tap's click through to what lies under it.
 */
export function usePressBeside(onPress: () => void) {
  const isBegun = useRef(false);
  return {
    onPointerDown: ({ target, currentTarget }: Event) => {
      isBegun.current = target === currentTarget;
    },
    onClick: ({ target, currentTarget }: Event) => {
      if (isBegun.current && target === currentTarget) onPress();
    },
  };
}
