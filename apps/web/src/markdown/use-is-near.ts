/** Whether an element has come near the view, for what is too much to be made before anybody looks [SAFE-2]. */
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

/** So far out of view it is made ready, so that nobody who scrolls sees it change. */
const MARGIN = "1500px 0px";

/** True from the start where it isn't put off, or the browser can't tell; once near, it stays so. */
export function useIsNear(element: RefObject<Element | null>, isPutOff: boolean): boolean {
  const [isNear, setIsNear] = useState(!isPutOff || typeof IntersectionObserver === "undefined");
  useEffect(() => {
    if (isNear || !element.current) return undefined;
    const observer = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && setIsNear(true),
      {
        rootMargin: MARGIN,
      },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [isNear, element]);
  return isNear;
}
