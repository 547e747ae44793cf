import { windowsOverlap } from "../../../shared/analysis/windows.ts";
import type { Windows } from "../../../shared/model/window.ts";

/** Rows of all tables per bucket, as the overview has them. */
export interface RowsOverTime {
  readonly bucket: number;
  readonly times: readonly number[];
  readonly total: readonly number[];
}

/** What is wrong with a pair of windows, in words for a person. */
export function windowWarnings(windows: Windows, rows: RowsOverTime | null): string[] {
  const warnings: string[] = [];
  const { baseline, incident } = windows;
  for (const [name, window] of [
    ["baseline", baseline],
    ["incident", incident],
  ] as const) {
    if (window === null) continue;
    const { from, to, filter } = window;
    if (from !== null && to !== null && from >= to) {
      warnings.push(`The ${name} window ends before it begins.`);
    } else if (filter?.values.length === 0) {
      warnings.push(`The ${name} window has no value chosen for ${filter.column}.`);
    } else if (
      rows !== null &&
      rows.times.length > 0 &&
      (from !== null || to !== null) &&
      !hasRows(rows, from, to)
    ) {
      warnings.push(`No row of any table lies in the ${name} window.`);
    }
  }
  if (baseline !== null && incident !== null && windowsOverlap(baseline, incident)) {
    warnings.push(
      "The windows overlap: rows in both are counted on both sides, and differences look smaller than they are.",
    );
  }
  return warnings;
}

/** To the resolution of the overview: a bucket that is partly inside counts. */
function hasRows(
  { times, bucket, total }: RowsOverTime,
  from: number | null,
  to: number | null,
): boolean {
  return times.some(
    (time, i) =>
      (total[i] ?? 0) > 0 && time + bucket > (from ?? -Infinity) && time < (to ?? Infinity),
  );
}
