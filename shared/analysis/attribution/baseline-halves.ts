import { HOUR, timestampLiteral, type EvidenceTime } from "../../base/time.ts";
import type { TableMeta } from "../../model/table.ts";
import type { Window } from "../../model/window.ts";
import { ident } from "../../tables/sql.ts";
import type { TimeRange, WindowPair } from "../windows.ts";
import { RATIO_SCALE, type MetricScale } from "./segment-sums.ts";

/** How the baseline is cut in two, and how long everything is. */
export interface BaselineHalves {
  readonly how: "time" | "chance";
  /** SQL condition of the first half. */
  readonly firstHalf: string;
  /** Hours of both windows, and of both halves; 1 where the table has no time. */
  readonly windows: MetricScale;
  readonly halves: MetricScale;
}

/**
 * The baseline cut at the middle of its time, so that what changes by itself
 * within it shows; without a time, by the hash of the rows' place in the
 * evidence. Windows end where the table does: before and after nothing was
 * collected.
 */
export function baselineHalves(
  table: TableMeta,
  windows: WindowPair,
  additive: boolean,
): BaselineHalves {
  const baseline = rangeOf(windows.baseline, table);
  const incident = rangeOf(windows.incident, table);
  if (table.timeColumn === null || baseline === null || incident === null) {
    return {
      how: "chance",
      firstHalf: "hash(_ev, _line) % 2 = 0",
      windows: { ...RATIO_SCALE, additive },
      halves: additive ? { additive, baselineSpan: 0.5, incidentSpan: 0.5 } : RATIO_SCALE,
    };
  }
  const middle = Math.floor((baseline.from + baseline.to) / 2);
  const hours = (span: number): number => span / HOUR;
  return {
    how: "time",
    firstHalf: `${ident(table.timeColumn)} < ${timestampLiteral(middle as EvidenceTime)}`,
    windows: {
      additive,
      baselineSpan: hours(baseline.to - baseline.from),
      incidentSpan: hours(incident.to - incident.from),
    },
    halves: {
      additive,
      baselineSpan: hours(middle - baseline.from),
      incidentSpan: hours(baseline.to - middle),
    },
  };
}

function rangeOf(window: Window, table: TableMeta): TimeRange | null {
  const from = Math.max(window.from ?? -Infinity, table.from ?? -Infinity);
  const to = Math.min(window.to ?? Infinity, table.to === null ? Infinity : table.to + 1);
  return Number.isFinite(from) && Number.isFinite(to) && to - from > 1 ? { from, to } : null;
}
