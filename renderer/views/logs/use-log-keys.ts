import { useEffect } from "react";
import { LOG_KEYS, type LogKey } from "../../state/log-keys.ts";

/**
 * Keys of the view, wherever in it the focus is, but for texts and open menus.
 * Tab, and keys with Ctrl, Alt or Cmd, are never taken.
 */
export function useLogKeys(act: (key: LogKey) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const key = LOG_KEYS.find((k) => (k.keys as readonly string[]).includes(event.key));
      if (key === undefined || isOthers(event)) return;
      event.preventDefault();
      act(key.id);
    };
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("keydown", onKey);
    };
  }, [act]);
}

/** Keys that the element with the focus has a use for itself. */
const MOVING = new Set([" ", "Enter", "ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End"]);

function isOthers({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("[role=dialog], [role=menu], .bp6-overlay, .bp6-popover") !== null)
    return true;
  if (target.isContentEditable || target.closest("textarea, select") !== null) return true;
  if (target instanceof HTMLInputElement && target.type !== "checkbox") return true;
  // A button, a scrolled text, the histogram.
  const isPlain = target === document.body || target.closest(".iq-log-list") !== null;
  const isView = target.classList.contains("iq-view");
  return MOVING.has(key) && !isPlain && !isView;
}
