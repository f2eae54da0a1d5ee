/** Long presses on a list's rows, as a part of the page that comes after its first one: the button of a row's menu is there before. */
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { useEnvironment } from "../environment.ts";

export function useLongPress(element: RefObject<HTMLElement | null>, onPress: (target: Element) => void): void {
  const environment = useEnvironment();
  useEffect(() => {
    let end = () => undefined as void;
    let isOver = false;
    const begin = async () => {
      const { watchLongPress } = await import("./long-press.ts");
      if (element.current && !isOver) end = watchLongPress(element.current, environment, onPress);
    };
    void begin().catch(() => undefined);
    return () => {
      isOver = true;
      end();
    };
  }, [element, environment, onPress]);
}
