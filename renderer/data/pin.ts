import { Fault } from "../../shared/base/result.ts";
import { formatIso, type EvidenceTime } from "../../shared/base/time.ts";
import type { Attribution } from "../../shared/model/attribution.ts";
import type { Comparison } from "../../shared/model/comparison.ts";
import type { Evidence } from "../../shared/model/evidence.ts";
import type { Finding, RowReference } from "../../shared/model/finding.ts";
import type { MetricChange, ModelChecks } from "../../shared/model/model-checks.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import type { ColumnComparison, Shift } from "../../shared/model/shift.ts";
import type { Suspect } from "../../shared/model/suspect.ts";
import type { Lane, LaneData } from "../../shared/model/timeline.ts";
import { laneSql } from "../../shared/analysis/lane-data.ts";
import { tablesOfEvidence } from "../../shared/analysis/tables-of-case.ts";
import { findingFromAttribution } from "../../shared/reasoning/attribution-finding.ts";
import {
  findingFromChart,
  findingFromRows,
  findingFromShift,
  findingFromTableShift,
  noteFinding,
  type NewFinding,
} from "../../shared/reasoning/make-finding.ts";
import { findingFromSuspect } from "../../shared/reasoning/suspect-finding.ts";
import { findingFromMetric } from "../../shared/reasoning/metric-finding.ts";
import { ident } from "../../shared/tables/sql.ts";
import { useCase } from "../state/case-store.ts";
import { useSession } from "../state/session-store.ts";
import { useView } from "../state/view-store.ts";
import { queryClient } from "./queries.ts";
import { rowsPage } from "./rows.ts";
import { evidenceNumber } from "./import-evidence.ts";
import { getEngine } from "./services.ts";

/** Puts a finding on record; says so, or why not. */
export async function pin(
  make: (fresh: NewFinding, windows: Record<string, unknown>) => Promise<Finding>,
): Promise<boolean> {
  const { notify } = useSession.getState();
  const windows = { ...useCase.getState().state?.windows };
  try {
    const fresh = { id: crypto.randomUUID(), createdAt: new Date().toISOString() };
    const finding = await make(fresh, windows);
    if (!(await useCase.getState().append({ type: "finding/pinned", data: finding }))) return false;
    notify({
      kind: "info",
      passing: true,
      message: `Pinned: ${finding.title}.`,
      action: {
        label: "Show findings",
        run: () => {
          useView.getState().show("findings");
        },
      },
    });
    return true;
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    notify({ kind: "error", message: `Not pinned: ${thrown.message}` });
    return false;
  }
}

/** The strongest change of a column. */
export async function pinShift(column: ColumnComparison): Promise<boolean> {
  const [shift] = [...column.shifts].sort((a, b) => b.score - a.score);
  if (shift === undefined) return false;
  return pin((fresh, windows) => findingFromShift(getEngine(), fresh, column, shift, windows));
}

/** A change of a table as a whole, or of a column that only one window has. */
export async function pinTableShift(shift: Shift): Promise<boolean> {
  return pin((fresh, windows) => findingFromTableShift(getEngine(), fresh, shift, windows));
}

/** The change of one metric of a model. */
export async function pinMetric(
  table: TableMeta,
  checks: ModelChecks,
  change: MetricChange,
): Promise<boolean> {
  return pin((fresh, windows) =>
    findingFromMetric(getEngine(), fresh, table, checks, change, windows),
  );
}

/** In which segments a metric changed. */
export async function pinAttribution(table: TableMeta, found: Attribution): Promise<boolean> {
  return pin((fresh, windows) => findingFromAttribution(getEngine(), fresh, table, found, windows));
}

export async function pinSuspect(suspect: Suspect): Promise<boolean> {
  const comparisons = queryClient.getQueriesData<Comparison>({
    queryKey: ["analysis", "compareAll"],
  });
  const found = comparisons.flatMap(([, c]) => (c === undefined ? [] : [c]));
  const columns = found.flatMap((c) => c.tables).flatMap((t) => t.columns);
  const column = columns.find((c) => c.shifts.some((s) => suspect.shiftIds.includes(s.id))) ?? null;
  const shifts = column?.shifts ?? found.flatMap((c) => c.shifts);
  const shift = shifts.find((s) => suspect.shiftIds.includes(s.id)) ?? null;
  const tables = tablesOfEvidence(useCase.getState().state?.evidence ?? []);
  return pin((fresh, windows) =>
    findingFromSuspect(getEngine(), fresh, suspect, column, shift, windows, tables),
  );
}

/** Rows of a file by their position in it. */
export async function pinRows(evidence: Evidence, indexes: readonly number[]): Promise<boolean> {
  const rows = await Promise.all(
    indexes.map(async (index) => {
      const [cells] = await rowsPage(evidence, index, 1);
      return {
        line: Number(cells?.[0] ?? 0),
        text: (cells ?? [])
          .slice(1)
          .filter((c) => c !== "")
          .join(" · "),
      };
    }),
  );
  const lines = rows.map((r) => r.line);
  const sql =
    `SELECT * FROM ${ident(evidence.table)} WHERE _ev = ${evidenceNumber(evidence.id)} ` +
    `AND _line IN (${lines.join(", ")}) ORDER BY _line`;
  return pin((fresh) =>
    findingFromRows(
      getEngine(),
      fresh,
      `${rows.length === 1 ? "Row" : "Rows"} of ${evidence.name}`,
      sql,
      rows.map((r) => ({ evidenceId: evidence.id, line: r.line, offset: null, text: r.text })),
    ),
  );
}

/** Rows of a table by file and line, from the windows of a comparison. */
export async function pinTableRows(
  table: TableMeta,
  title: string,
  rows: readonly RowReference[],
): Promise<boolean> {
  const byFile = new Map<string, number[]>();
  for (const row of rows) {
    byFile.set(row.evidenceId, [...(byFile.get(row.evidenceId) ?? []), row.line]);
  }
  const positions = [...byFile].map(
    ([id, lines]) => `(_ev = ${evidenceNumber(id)} AND _line IN (${lines.join(", ")}))`,
  );
  const sql = `SELECT * FROM ${ident(table.name)} WHERE ${positions.join(" OR ")} ORDER BY _ev, _line`;
  return pin((fresh) => findingFromRows(getEngine(), fresh, title, sql, [...rows]));
}

/** What a lane of the timeline shows now. */
export async function pinChart(shown: {
  lane: Lane;
  range: { from: number; to: number };
  data: LaneData;
}): Promise<boolean> {
  const { lane, range, data } = shown;
  const tables = tablesOfEvidence(useCase.getState().state?.evidence ?? []);
  const table = tables.find((t) => t.name === lane.table);
  const span = `${formatIso(range.from as EvidenceTime)} to ${formatIso(range.to as EvidenceTime)}`;
  const sql = laneSql(lane, tables, range, data.bucket);
  const series = seriesOf(data);
  return pin((fresh) =>
    findingFromChart(
      getEngine(),
      fresh,
      {
        kind: "series",
        title: `${lane.title}, ${span}`,
        ...(lane.unit === undefined ? {} : { unit: lane.unit }),
        ...series,
      },
      sql,
      { range, bucket: data.bucket },
      table?.evidenceIds ?? [],
    ),
  );
}

function seriesOf(data: LaneData): {
  times: number[];
  values: (number | null)[];
  min: (number | null)[];
  max: (number | null)[];
} {
  switch (data.kind) {
    case "series":
      return { times: data.times, values: data.mean, min: data.min, max: data.max };
    case "levels": {
      const sums = data.times.map((_, i) =>
        data.levels.reduce((sum, l) => sum + (l.counts[i] ?? 0), 0),
      );
      return { times: data.times, values: sums, min: sums, max: sums };
    }
    case "events": {
      const counts = data.events.map((e) => e.count);
      return { times: data.events.map((e) => e.at), values: counts, min: counts, max: counts };
    }
  }
}

/** An empty note to write into. */
export async function addNote(): Promise<void> {
  const fresh = { id: crypto.randomUUID(), createdAt: new Date().toISOString() };
  await useCase.getState().append({ type: "finding/pinned", data: noteFinding(fresh) });
  useView.getState().show("findings");
}
