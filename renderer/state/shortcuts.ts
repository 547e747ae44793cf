/** Keyboard shortcuts by command id: one list for the keyboard, the palette and the help. */
export const SHORTCUTS = [
  { id: "command-palette", title: "Command palette", keys: "mod+k" },
  { id: "new-case", title: "New case…", keys: "mod+n" },
  { id: "open-case", title: "Open case…", keys: "mod+o" },
  { id: "close-case", title: "Close case", keys: "mod+shift+w" },
  { id: "add-evidence", title: "Add evidence files…", keys: "mod+i" },
  { id: "undo", title: "Undo", keys: "mod+z" },
  { id: "redo", title: "Redo", keys: "mod+shift+z" },
  { id: "show-evidence", title: "Show Evidence", keys: "alt+1" },
  { id: "show-schema", title: "Show Schema", keys: "alt+2" },
  { id: "show-templates", title: "Show Templates", keys: "alt+3" },
  { id: "show-logs", title: "Show Logs", keys: "alt+4" },
  { id: "show-compare", title: "Show Compare", keys: "alt+5" },
  { id: "show-timeline", title: "Show Timeline", keys: "alt+6" },
  { id: "show-suspects", title: "Show Suspects", keys: "alt+7" },
  { id: "show-findings", title: "Show Findings", keys: "alt+8" },
  { id: "show-reasoning", title: "Show Reasoning", keys: "alt+9" },
  { id: "show-report", title: "Show Report", keys: "alt+0" },
  { id: "export-report", title: "Export report", keys: "mod+e" },
  { id: "toggle-theme", title: "Switch between light and dark", keys: "mod+shift+l" },
  { id: "help", title: "Help: how an investigation goes", keys: "f1" },
] as const;

/** `mod+shift+z` as a person reads it on this platform. */
export function readableShortcut(keys: string): string {
  const mac = navigator.platform.startsWith("Mac");
  const names: Record<string, string> = {
    mod: mac ? "⌘" : "Ctrl",
    alt: mac ? "⌥" : "Alt",
    shift: mac ? "⇧" : "Shift",
  };
  return keys
    .split("+")
    .map((key) => names[key] ?? key.toUpperCase())
    .join(mac ? "" : "+");
}
