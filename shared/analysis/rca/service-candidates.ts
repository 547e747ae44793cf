import type { Symptom } from "../../model/case.ts";
import type { Comparison } from "../../model/comparison.ts";
import type { ColumnComparison } from "../../model/shift.ts";
import type { TableMeta } from "../../model/table.ts";
import { layerOfMetric } from "../layer-of.ts";
import { VOLUME } from "../compare-volume.ts";
import { formatList, formatNumber } from "../sentences.ts";
import { isNamed, type Candidate } from "../suspect-candidates.ts";
import type { RankedService, RankedSignal } from "./rank-services.ts";

/** Score of a service at which its strength is a half. */
const HALF_SCORE = 4;
/** A service none of whose series moved further than this, beyond what is usual, is no suspect. */
const LEAST_SHIFT = 0.5;
/** Series that the sentence names and the suspect lists. */
const MOST_NAMED = 3;
const MOST_SIGNALS = 12;

/** Services with series that moved: one candidate each, named by its strongest series. */
export function serviceCandidates(
  services: readonly RankedService[],
  comparison: Comparison,
  tables: readonly TableMeta[],
  symptom: Symptom | null,
): Candidate[] {
  const compared = new Map(
    comparison.tables.flatMap((t) => t.columns.map((c) => [`${t.table} ${c.column}`, c] as const)),
  );
  const byName = new Map(tables.map((t) => [t.name, t]));
  return services.flatMap(({ service, score, signals }) => {
    const moved = signals.filter((s) => Math.abs(s.shift.score) >= LEAST_SHIFT);
    // What people noticed says that there is trouble, not where.
    const others = moved.filter((s) => !isNamed(s.series, symptom, service));
    const [first] = others.length > 0 ? others : moved;
    const table = first === undefined ? undefined : byName.get(first.table);
    const column = first === undefined ? undefined : comparedOf(first, compared);
    if (first === undefined || table === undefined || column === undefined) return [];
    const named = first.service === first.series ? null : service;
    return [
      {
        kind: "metric" as const,
        table,
        compared: column,
        layer: layerOfMetric(column.column),
        service: named,
        strength: score / (score + HALF_SCORE),
        sentence: sentenceOf(named, first, moved, column),
        strengthWhy: whyOf(first, signals.length, moved.length),
        shifts: column.shifts.filter((s) => s.verdict !== "none"),
        isSymptom: others.length === 0,
        signals: moved.slice(0, MOST_SIGNALS),
      },
    ];
  });
}

/** The comparison of a series; of counted lines, that of all lines of trouble or of the service. */
function comparedOf(
  { table, series }: RankedSignal,
  compared: ReadonlyMap<string, ColumnComparison>,
): ColumnComparison | undefined {
  return [series, `${VOLUME} error`, "service"]
    .map((column) => compared.get(`${table} ${column}`))
    .find((found) => found !== undefined);
}

function sentenceOf(
  service: string | null,
  { series, shift }: RankedSignal,
  moved: readonly RankedSignal[],
  column: ColumnComparison,
): string {
  const unit = column.unit === undefined ? "" : ` ${column.unit}`;
  const way = shift.z > 0 ? "up" : "down";
  const main = `\`${series}\` went ${way}: ${formatNumber(shift.mean)}${unit} on average against a usual ${formatNumber(shift.median)}${unit}`;
  const others = moved.filter((s) => s.series !== series).map((s) => `\`${s.series}\``);
  if (service === null || others.length === 0) return main;
  return `${main}; of ${service} ${formatList(others, MOST_NAMED)} moved too`;
}

function whyOf({ shift }: RankedSignal, all: number, moved: number): string {
  const usual =
    shift.placebos < 3
      ? "the baseline is too short to tell what is usual"
      : `windows as long inside the baseline reach ${formatNumber(shift.usual)}`;
  const among = all === 1 ? "" : `; ${String(moved)} of ${String(all)} series of the service moved`;
  return `its mean in the incident lies ${formatNumber(Math.abs(shift.z))} noise units from the baseline's median, ${usual}${among}`;
}
