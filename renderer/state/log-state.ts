import { create } from "zustand";
import type { LogField, LogPlace, LogSearch } from "../../shared/model/log-query.ts";
import { useCase } from "./case-store.ts";

/** Values of a field that are kept, or left out. */
export interface FieldChoice {
  readonly values: readonly (string | null)[];
  readonly excluded: boolean;
}

/** What a person chose in the log view; it stays while other views are shown. */
export interface LogChoices {
  readonly fields: Readonly<Record<LogField, FieldChoice | null>>;
  /** Ids of templates. */
  readonly onlyTemplates: readonly string[];
  readonly withoutTemplates: readonly string[];
  readonly search: LogSearch;
  /** Lines without a hit are left out. */
  readonly onlyHits: boolean;
  /** Enter was pressed in the field: to be gone to as soon as this search has its hits. */
  readonly awaited: { readonly search: LogSearch; readonly direction: 1 | -1 } | null;
  readonly range: { readonly from: number; readonly to: number } | null;
  /** All lines around the chosen one, filters off. */
  readonly context: boolean;
  /** The line on which one stands. */
  readonly place: LogPlace | null;
  readonly colourBy: LogField;
  readonly wrap: boolean;
  readonly histogram: boolean;
  readonly side: "detail" | "marks" | null;
  /** The incident beside the same time this many days before; null: one list. */
  readonly daysBefore: 1 | 7 | null;
}

interface LogStore extends LogChoices {
  readonly change: (some: Partial<LogChoices>) => void;
  readonly choose: (field: LogField, choice: FieldChoice | null) => void;
}

const NOTHING_CHOSEN: LogChoices = {
  fields: { level: null, service: null, host: null },
  onlyTemplates: [],
  withoutTemplates: [],
  search: { text: "", syntax: "plain", caseSensitive: false },
  onlyHits: false,
  awaited: null,
  range: null,
  context: false,
  place: null,
  colourBy: "level",
  wrap: false,
  histogram: true,
  side: null,
  daysBefore: null,
};

export const useLogs = create<LogStore>((set, get) => ({
  ...NOTHING_CHOSEN,
  change: (some) => {
    set(some);
  },
  choose: (field, choice) => {
    set({ fields: { ...get().fields, [field]: choice } });
  },
}));

// What belongs to one case is forgotten with it.
useCase.subscribe((now, before) => {
  if (now.opened?.path !== before.opened?.path) useLogs.setState(NOTHING_CHOSEN);
});

/** Everything is shown again; how it is shown stays. */
export function clearFilters(): void {
  const { fields, onlyTemplates, withoutTemplates, onlyHits, range, context } = NOTHING_CHOSEN;
  useLogs.setState({ fields, onlyTemplates, withoutTemplates, onlyHits, range, context });
}
