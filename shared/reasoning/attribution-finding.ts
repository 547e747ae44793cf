import { segmentLabel } from "../analysis/attribution/waterfall.ts";
import type { Attribution } from "../model/attribution.ts";
import type { Finding } from "../model/finding.ts";
import type { TableMeta } from "../model/table.ts";
import type { Engine } from "../tables/engine.ts";
import { provenanceOf, type NewFinding } from "./make-finding.ts";

/**
 * Where the change of a metric is: the sentence, the segments with their parts
 * of the change, and the query that repeats their numbers from the rows.
 * Throws `Fault<EngineError>`.
 */
export async function findingFromAttribution(
  engine: Engine,
  { id, createdAt }: NewFinding,
  table: TableMeta,
  found: Attribution,
  windows: Record<string, unknown>,
): Promise<Finding> {
  const { causes, waterfall } = found;
  const parts = causes.map(({ segment: { where, baseline, incident, mix, rate, total } }) => [
    where.length === 0 ? "everywhere" : segmentLabel(where),
    ...[baseline.value, incident.value, mix, rate, total.value].map(text),
    `${text(total.low)} to ${text(total.high)}`,
  ]);
  return {
    id,
    kind: "shift",
    title: `Where ${found.name} of ${found.table} changed`,
    note: "",
    statement: [found.sentence, ...found.statements].join(" "),
    provenance: await provenanceOf(engine, found.sql, windows),
    evidenceIds: [...table.evidenceIds],
    rows: [],
    chart: null,
    numbers: {
      header: [
        "Segment",
        "Baseline",
        "Incident",
        "Mix",
        "Rate",
        "Part of the change",
        "95 % interval",
      ],
      cells: [
        ...parts,
        [
          "all rows",
          ...[waterfall.baseline, waterfall.incident].map(text),
          ...["", "", text(found.change.value)],
          `${text(found.change.low)} to ${text(found.change.high)}`,
        ],
      ],
    },
    createdAt,
  };
}

function text(value: number | null): string {
  if (value === null) return "";
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}
