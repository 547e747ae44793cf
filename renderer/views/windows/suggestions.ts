import { suggestWindows } from "../../../shared/analysis/windows.ts";
import { DAY, HOUR, SECOND } from "../../../shared/base/time.ts";
import type { Evidence } from "../../../shared/model/evidence.ts";
import type { TableMeta } from "../../../shared/model/table.ts";
import type { Window } from "../../../shared/model/window.ts";

/** A pair of windows to choose with one click. */
export interface Suggestion {
  readonly label: string;
  readonly baseline: Window;
  readonly incident: Window;
}

/**
 * What the times of the evidence allow: the incident's own hours a day or a week
 * before, by files, the last day against the one before, halves.
 */
export function suggestionsFor(
  tables: readonly TableMeta[],
  evidence: readonly Evidence[],
  incident: Window | null = null,
): Suggestion[] {
  const found: Suggestion[] = incident === null ? [] : sameHours(tables, incident);
  const guess = suggestWindows(tables, evidence);
  if (guess !== null)
    found.push({
      label: sentence(guess.why),
      baseline: whole(guess.baseline),
      incident: whole(guess.incident),
    });
  const timed = tables.filter((t) => t.timeColumn !== null && t.from !== null && t.to !== null);
  if (timed.length === 0) return found;
  const from = Math.min(...timed.map((t) => t.from ?? Infinity));
  const to = Math.max(...timed.map((t) => t.to ?? -Infinity)) + 1;
  for (const [length, label] of STEPS) {
    if (to - from < 2 * length) continue;
    found.push({
      label,
      baseline: whole({ from: to - 2 * length, to: to - length }),
      incident: whole({ from: to - length, to }),
    });
  }
  const half = (from + to) / 2;
  const middle = to - from < 120 * SECOND ? Math.round(half) : Math.floor(half / SECOND) * SECOND;
  if (to - from > 1) {
    found.push({
      label: "First half against second half",
      baseline: whole({ from, to: middle }),
      incident: whole({ from: middle, to }),
    });
  }
  return found;
}

const SEASONS: readonly (readonly [number, string])[] = [
  [7 * DAY, "This incident against the same hours a week before"],
  [DAY, "This incident against the same hours the day before"],
];

/**
 * Seasonal baselines: the incident's hours one season earlier, so that a night is
 * compared with a night and a Sunday with a Sunday. Offered where the incident is
 * no longer than the season and the evidence reaches back that far.
 */
function sameHours(tables: readonly TableMeta[], incident: Window): Suggestion[] {
  const { from, to } = incident;
  if (from === null || to === null) return [];
  const covers = (start: number) =>
    tables.some((t) => t.timeColumn !== null && t.from !== null && t.from <= start);
  return SEASONS.filter(([season]) => to - from <= season && covers(from - season)).map(
    ([season, label]) => ({
      label,
      baseline: { ...incident, from: from - season, to: to - season },
      incident,
    }),
  );
}

const STEPS: readonly (readonly [number, string])[] = [
  [7 * DAY, "Last 7 days against the 7 before"],
  [DAY, "Last 24 hours against the day before"],
  [HOUR, "Last hour against the hour before"],
];

/** Ends on whole seconds, outwards; a window that short that it would matter stays as it is. */
function whole(window: Window): Window {
  const { from, to } = window;
  if (from === null || to === null || to - from < 60 * SECOND) return window;
  return {
    ...window,
    from: Math.floor(from / SECOND) * SECOND,
    to: Math.ceil(to / SECOND) * SECOND,
  };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
