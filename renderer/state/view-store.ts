import { create } from "zustand";
import type { Audience } from "../../shared/model/reasoning.ts";
import type { Lane } from "../../shared/model/timeline.ts";

/** Screens of the window; the order is that of the investigation. */
export const VIEWS = [
  "evidence",
  "schema",
  "templates",
  "logs",
  "changes",
  "compare",
  "timeline",
  "suspects",
  "findings",
  "reasoning",
  "report",
] as const;
export type View = (typeof VIEWS)[number] | "welcome" | "help" | "postmortem" | "library";

export type Theme = "light" | "dark";

interface ViewStore {
  readonly view: View;
  readonly theme: Theme;
  /** Zone in which times are shown; data stay UTC. */
  readonly timezone: string;
  readonly paletteOpen: boolean;
  /** What is selected in each view: ids. */
  readonly evidenceId: string | null;
  /** Table shown in the schema view; null means the first. */
  readonly schemaTable: string | null;
  readonly shiftColumn: { readonly table: string; readonly column: string } | null;
  /** Tab of the comparison. */
  readonly compareTab: string;
  /** Tab of the reasoning tools. */
  readonly reasoningTab: string;
  /** For whom the report is made. */
  readonly audience: Audience;
  readonly findingId: string | null;
  /** Lanes a person chose for the timeline; null means the default choice. */
  readonly laneIds: readonly string[] | null;
  /** Lanes that stay above the others. */
  readonly pinnedLanes: readonly string[];
  /** Lanes that other views put on the timeline, beside those that it finds itself. */
  readonly extraLanes: readonly Lane[];
  /** Lanes stand by layer, whatever their order. */
  readonly lanesByLayer: boolean;
  /** Each lane over itself so many days before; null: not. */
  readonly ghostDays: 1 | 7 | null;
  /** Whether changes of level are marked. */
  readonly showChanges: boolean;
  /** Visible part of the timeline in µs; null means everything. */
  readonly range: { readonly from: number; readonly to: number } | null;
  readonly show: (view: View) => void;
  readonly setTheme: (theme: Theme) => void;
  readonly setTimezone: (timezone: string) => void;
  readonly setPaletteOpen: (open: boolean) => void;
  readonly selectEvidence: (id: string | null) => void;
  readonly selectTable: (table: string | null) => void;
  readonly selectColumn: (selection: { table: string; column: string } | null) => void;
  readonly setCompareTab: (tab: string) => void;
  readonly setReasoningTab: (tab: string) => void;
  readonly setAudience: (audience: Audience) => void;
  readonly selectFinding: (id: string | null) => void;
  readonly setLanes: (ids: readonly string[] | null) => void;
  readonly setTimeline: (
    some: Partial<
      Pick<ViewStore, "pinnedLanes" | "lanesByLayer" | "ghostDays" | "showChanges" | "extraLanes">
    >,
  ) => void;
  readonly setRange: (range: { from: number; to: number } | null) => void;
  /** Forgets everything that belongs to one case. */
  readonly reset: () => void;
}

const THEME_KEY = "inquest.theme";
const ZONE_KEY = "inquest.timezone";

function storedTheme(): Theme {
  const stored = localStorage.getItem(THEME_KEY);
  if (stored === "light" || stored === "dark") return stored;
  return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

const NO_LANES = { pinnedLanes: [], extraLanes: [] } as const;

export const useView = create<ViewStore>((set) => ({
  view: "welcome",
  theme: storedTheme(),
  timezone: localStorage.getItem(ZONE_KEY) ?? "UTC",
  paletteOpen: false,
  evidenceId: null,
  schemaTable: null,
  shiftColumn: null,
  compareTab: "columns",
  reasoningTab: "hypotheses",
  audience: "technical",
  findingId: null,
  laneIds: null,
  ...NO_LANES,
  lanesByLayer: false,
  ghostDays: null,
  showChanges: true,
  range: null,

  show: (view) => {
    set({ view });
  },
  setTheme: (theme) => {
    localStorage.setItem(THEME_KEY, theme);
    set({ theme });
  },
  setTimezone: (timezone) => {
    localStorage.setItem(ZONE_KEY, timezone);
    set({ timezone });
  },
  setPaletteOpen: (paletteOpen) => {
    set({ paletteOpen });
  },
  selectEvidence: (evidenceId) => {
    set({ evidenceId });
  },
  selectTable: (schemaTable) => {
    set({ schemaTable });
  },
  selectColumn: (shiftColumn) => {
    set({ shiftColumn, compareTab: "columns" });
  },
  setCompareTab: (compareTab) => {
    set({ compareTab });
  },
  setReasoningTab: (reasoningTab) => {
    set({ reasoningTab });
  },
  setAudience: (audience) => {
    set({ audience });
  },
  selectFinding: (findingId) => {
    set({ findingId });
  },
  setLanes: (laneIds) => {
    set({ laneIds });
  },
  setTimeline: (some) => {
    set(some);
  },
  setRange: (range) => {
    set({ range });
  },
  reset: () => {
    set({
      evidenceId: null,
      schemaTable: null,
      shiftColumn: null,
      compareTab: "columns",
      reasoningTab: "hypotheses",
      audience: "technical",
      findingId: null,
      laneIds: null,
      ...NO_LANES,
      range: null,
    });
  },
}));

/** Shows a place that has a name: a view, or a tab of the reasoning tools as `reasoning/impact`. */
export function goTo(where: string): void {
  const { show, setReasoningTab } = useView.getState();
  const [name, tab] = where.split("/");
  const view = [...VIEWS, "postmortem" as const].find((v) => v === name);
  if (view === undefined) return;
  if (tab !== undefined) setReasoningTab(tab);
  show(view);
}
