import { useSession } from "../state/session-store.ts";
import {
  chooseEvidence,
  chooseEvidenceFolder,
  closeCase,
  newCase,
  openCase,
  openSample,
} from "../data/case-actions.ts";
import { redo, undo } from "../data/history.ts";
import { useCase } from "../state/case-store.ts";
import { SHORTCUTS } from "../state/shortcuts.ts";
import { useView, type View } from "../state/view-store.ts";

/** Something a person can do, from the menu, the palette or the keyboard. */
export interface Command {
  readonly id: string;
  readonly title: string;
  /** `mod+k` is Ctrl+K, or Cmd+K on a Mac. */
  readonly keys?: string;
  readonly available: () => boolean;
  readonly run: () => void | Promise<void>;
}

const hasCase = () => useCase.getState().opened !== null;
const always = () => true;
const show = (view: View) => () => {
  useView.getState().show(view);
};

type Action = Pick<Command, "available" | "run">;

const ACTIONS: Record<(typeof SHORTCUTS)[number]["id"], Action> = {
  "command-palette": {
    available: always,
    run: () => {
      useView.getState().setPaletteOpen(true);
    },
  },
  "new-case": { available: always, run: newCase },
  "open-case": { available: always, run: () => openCase(null) },
  "close-case": { available: hasCase, run: closeCase },
  "add-evidence": { available: hasCase, run: chooseEvidence },
  undo: { available: () => useCase.getState().undoSeq !== null, run: undo },
  redo: { available: () => useCase.getState().redoSeq !== null, run: redo },
  "show-evidence": { available: hasCase, run: show("evidence") },
  "show-schema": { available: hasCase, run: show("schema") },
  "show-templates": { available: hasCase, run: show("templates") },
  "show-logs": { available: hasCase, run: show("logs") },
  "show-compare": { available: hasCase, run: show("compare") },
  "show-timeline": { available: hasCase, run: show("timeline") },
  "show-suspects": { available: hasCase, run: show("suspects") },
  "show-findings": { available: hasCase, run: show("findings") },
  "show-reasoning": { available: hasCase, run: show("reasoning") },
  "show-report": { available: hasCase, run: show("report") },
  "export-report": { available: hasCase, run: show("report") },
  "toggle-theme": {
    available: always,
    run: () => {
      const { theme, setTheme } = useView.getState();
      setTheme(theme === "dark" ? "light" : "dark");
    },
  },
  help: { available: always, run: show("help") },
};

export const COMMANDS: readonly Command[] = [
  ...SHORTCUTS.map((shortcut) => ({ ...shortcut, ...ACTIONS[shortcut.id] })),
  {
    id: "add-folder",
    title: "Add evidence folder…",
    available: hasCase,
    run: chooseEvidenceFolder,
  },
  { id: "show-changes", title: "Show Changes", available: hasCase, run: show("changes") },
  {
    id: "show-library",
    title: "Show the library of cases",
    available: always,
    run: show("library"),
  },
  {
    id: "guides",
    title: "Guides…",
    available: hasCase,
    run: () => {
      useSession.getState().set({ guidesOpen: true });
    },
  },
  {
    id: "read-post-mortem",
    title: "Read a post-mortem…",
    available: hasCase,
    run: show("postmortem"),
  },
  {
    id: "open-sample",
    title: "Open the sample incident",
    available: always,
    run: () => openSample("silent-degradation"),
  },
];

/** Runs a command by id, if it exists and makes sense now. */
export function runCommand(id: string): void {
  const command = COMMANDS.find((c) => c.id === id);
  if (command === undefined || !command.available()) return;
  void command.run();
}
