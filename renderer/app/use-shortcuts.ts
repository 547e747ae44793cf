import { useEffect } from "react";
import { COMMANDS, runCommand } from "./commands.ts";

/** Keyboard shortcuts of the commands; while a text is being edited, undo and redo belong to the text. */
export function useShortcuts(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const keys = keysOf(event);
      const command = COMMANDS.find((c) => c.keys === keys);
      if (command === undefined) return;
      const editing = isEditable(event.target);
      if (editing && (command.id === "undo" || command.id === "redo")) return;
      event.preventDefault();
      runCommand(command.id);
    };
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("keydown", onKey);
    };
  }, []);
}

/** A command chosen in the menu; undo and redo belong to the text that is being edited, if there is one. */
export function runMenuCommand(id: string): void {
  if ((id === "undo" || id === "redo") && isEditable(document.activeElement)) {
    // The only way to the field's own history; deprecated, and without a successor.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    document.execCommand(id);
  } else {
    runCommand(id);
  }
}

function keysOf(event: KeyboardEvent): string {
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push("mod");
  if (event.altKey) parts.push("alt");
  if (event.shiftKey) parts.push("shift");
  parts.push(event.key.toLowerCase());
  return parts.join("+");
}

function isEditable(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target instanceof HTMLTextAreaElement ||
      (target instanceof HTMLInputElement && target.type !== "checkbox"))
  );
}
