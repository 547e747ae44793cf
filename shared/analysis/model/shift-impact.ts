import type { ColumnComparison, Fact, Shift, TableComparison } from "../../model/shift.ts";
import type { TableMeta } from "../../model/table.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER, queryRows, STRING_OR_NULL } from "../../tables/rows.ts";
import { ident, num } from "../../tables/sql.ts";
import { formatNumber, formatShare } from "../sentences.ts";
import { withoutProgress } from "../table-task.ts";
import { windowPredicate, type WindowPair } from "../windows.ts";
import {
  add,
  impactShare,
  varianceOf,
  type BinMoments,
  type BinPair,
  type ImpactShare,
} from "./impact-share.ts";
import { readModel, type ModelSetup } from "./model-columns.ts";
import { rowsSql, type Splitter } from "./score-cells.ts";

/** What the model's change is seen by: its error, what really happened, what it answers. */
type Yardstick = "error" | "outcome" | "score";

/** How much of the model's change goes with the shift of one column. */
export interface ShiftImpact extends ImpactShare {
  readonly column: string;
  readonly yardstick: Yardstick;
  /** What the yardstick is called: `Brier score`, `share of clicked = 1`. */
  readonly measure: string;
  /** Means over all rows with a value. */
  readonly baseline: number;
  readonly incident: number;
  /** Whether a sample of the rows was looked at. */
  readonly sampled: boolean;
}

/** Rows of each window that are looked at, at most; chosen by the hash of their place in the evidence. */
const MOST_ROWS = 50_000;
/** Columns that are looked at, strongest shift first: one grouping set each. */
const MOST_COLUMNS = 8;
/**
 * From which size on the model is said to have changed: 5 % of its baseline
 * level or of a standard deviation, whichever is less, and three standard
 * errors. A change of the click rate from 8 % to 7.6 % is worth explaining.
 */
const LEAST_CHANGE = 0.05;
const LEAST_Z = 3;
/** Category that stands for missing values; texts cannot hold it. */
const MISSING = "\u0001missing";

/**
 * For each shifted feature or segment column of a table with a model: which
 * share, in [0, 1], of the change of the model's error lies in the rows where
 * the feature moved (`impactShare`); the change of the outcome's mean, and of
 * the score's, count as well. The largest of them stands. Empty where neither
 * error nor outcome changed (nor, without labels, the score): then nothing
 * tells a shift that matters from one that does not. Bins are the categories
 * compared, or the baseline's 1, 5, 25, 50, 75, 95 and 99 % quantiles and its
 * range. At most eight columns, over at most 50,000 rows of each window, chosen by
 * the hash of their place in the evidence; the fact says so.
 * @throws Fault<EngineError>
 */
export async function shiftImpacts(
  engine: Engine,
  table: TableMeta,
  windows: WindowPair,
  compared: TableComparison,
  options: QueryOptions = {},
): Promise<ShiftImpact[]> {
  const sampled = {
    baseline: sampleOf(compared.baselineRows),
    incident: sampleOf(compared.incidentRows),
  };
  const baseline = within(windowPredicate(table, windows.baseline), sampled.baseline);
  const incident = within(windowPredicate(table, windows.incident), sampled.incident);
  const modelled = table.columns.some((c) => ["prediction", "score", "label"].includes(c.role));
  if (table.target !== "own" || !modelled || baseline === null || incident === null) return [];
  const shifted = shiftedColumns(compared);
  if (shifted.length === 0) return [];
  const quiet = withoutProgress(options);
  const setup = await readModel(engine, table, `(${baseline} OR ${incident})`, {}, quiet);
  const measures = measuresOf(setup);
  if (measures.length === 0) return [];
  const predicates = { baseline, incident };
  const found = await readBins(engine, table, predicates, setup, shifted, measures, quiet);
  const isSample = sampled.baseline !== null || sampled.incident !== null;
  return judge(shifted, measures, found, isSample);
}

/** Condition that keeps about `MOST_ROWS` of so many rows; null where all stay. */
function sampleOf(rows: number): string | null {
  const share = Math.floor((MOST_ROWS / Math.max(1, rows)) * 1_000_000);
  return rows <= MOST_ROWS ? null : `hash(_ev, _line) % 1000000 < ${share}`;
}

function within(window: string | null, sample: string | null): string | null {
  return window === null || sample === null ? window : `(${window} AND ${sample})`;
}

/** Columns whose shift has a verdict, strongest first, with the bins to see them in. */
function shiftedColumns(compared: TableComparison): { name: string; splitter: Splitter }[] {
  const strength = (c: ColumnComparison): number =>
    Math.max(0, ...c.shifts.filter((s) => s.verdict !== "none").map((s) => s.score));
  return compared.columns
    .filter((c) => (c.role === "feature" || c.role === "segment") && strength(c) > 0)
    .sort((a, b) => strength(b) - strength(a))
    .flatMap((c) => {
      const splitter = splitterOf(c);
      return splitter === null ? [] : [{ name: c.column, splitter }];
    })
    .slice(0, MOST_COLUMNS);
}

function splitterOf(column: ColumnComparison): Splitter | null {
  const name = ident(column.column);
  if (column.type === "double" || column.type === "bigint") {
    const { quantiles, min, max } = column.baseline;
    if (quantiles === null || min === null || max === null) return null;
    const edges = [...new Set([min, ...quantiles.slice(0, 7)])].filter(Number.isFinite);
    const x = `${name}::DOUBLE`;
    const steps = [...edges.map((e) => `(${x} >= ${num(e)})::INT`), `(${x} > ${num(max)})::INT`];
    const bin = `CASE WHEN isfinite(${x}) THEN CAST(${steps.join(" + ")} AS VARCHAR) ELSE '${MISSING}' END`;
    const values = Array.from({ length: steps.length + 1 }, (_, k) => String(k));
    return { column: column.column, expression: `(${bin})`, values: [...values, MISSING] };
  }
  if (column.distribution?.kind !== "categorical") return null;
  const expression = `coalesce(CAST(${name} AS VARCHAR), '${MISSING}')`;
  return {
    column: column.column,
    expression,
    values: [...column.distribution.categories, MISSING],
  };
}

interface Measure {
  readonly yardstick: Yardstick;
  readonly name: string;
  /** DOUBLE or NULL, over `y`, `p` and `s` of a row. */
  readonly sql: string;
}

function measuresOf(setup: ModelSetup): Measure[] {
  const { task, label, prediction, meaning, positive } = setup;
  const score = setup.scores[0]?.name ?? prediction?.name ?? "";
  const out: Measure[] = [];
  const put = (yardstick: Yardstick, name: string, sql: string): void => {
    out.push({ yardstick, name, sql: `(${sql})::DOUBLE` });
  };
  const known = label !== null;
  const wrong = "CASE WHEN y IS NOT NULL AND p IS NOT NULL THEN (p <> y)::INT END";
  switch (task) {
    case "binary": {
      const probability = setup.scores.length > 0 && meaning !== "order";
      if (known && probability) put("error", "Brier score", "(s - (y = '1')::INT) ** 2");
      else if (known && prediction !== null) put("error", "error rate", wrong);
      if (known) put("outcome", `share of ${label.name} = ${positive ?? "1"}`, "(y = '1')::INT");
      if (setup.scores.length > 0) put("score", `mean of ${score}`, "s");
      break;
    }
    case "multiclass":
      if (known && prediction !== null) put("error", "error rate", wrong);
      if (meaning === "predicted") put("score", `mean of ${score}`, "s");
      break;
    case "regression":
      put("error", "mean absolute error", "abs(p - y)");
      if (known) put("outcome", `mean of ${label.name}`, "y");
      put("score", `mean of ${score}`, "p");
      break;
    case "ranking":
      if (known) put("outcome", `mean of ${label.name}`, "y");
      break;
    case null:
  }
  return out;
}

/** Of each shifted column, by measure, its bins in both windows. */
type FoundBins = ReadonlyMap<string, readonly (readonly BinPair[])[]>;

async function readBins(
  engine: Engine,
  table: TableMeta,
  predicates: { readonly baseline: string; readonly incident: string },
  setup: ModelSetup,
  shifted: readonly { readonly name: string; readonly splitter: Splitter }[],
  measures: readonly Measure[],
  options: QueryOptions,
): Promise<FoundBins> {
  const splitters = shifted.map((s) => s.splitter);
  const rows = rowsSql({
    ...{ table, setup, predicates, splitters },
    ...{ bucket: null, immatureFrom: null },
  });
  const groups = splitters.map((_, k) => `g${k}`);
  const sums = measures.flatMap((_, m) => [
    `count(m${m}) AS n${m}`,
    `coalesce(sum(m${m}), 0) AS s${m}`,
    `coalesce(sum(m${m} * m${m}), 0) AS q${m}`,
  ]);
  const found = await queryRows(
    engine,
    `WITH r AS (${rows}),
v AS (SELECT win, ${[...groups, ...measures.map((m, k) => `${m.sql} AS m${k}`)].join(", ")} FROM r WHERE w > 0)
SELECT win, grouping(${groups.join(", ")}) AS level, ${groups.join(", ")}, count(*) AS rows, ${sums.join(", ")}
FROM v GROUP BY GROUPING SETS (${groups.map((g) => `(win, ${g})`).join(", ")})`,
    {
      ...{ win: NUMBER, level: NUMBER, rows: NUMBER },
      ...Object.fromEntries(groups.map((g) => [g, STRING_OR_NULL] as const)),
      ...Object.fromEntries(
        measures.flatMap((_, m) => ["n", "s", "q"].map((x) => [`${x}${m}`, NUMBER] as const)),
      ),
    },
    options,
  );
  return sortBins(found, shifted, measures);
}

function sortBins(
  rows: readonly Readonly<Record<string, unknown>>[],
  shifted: readonly { readonly name: string }[],
  measures: readonly Measure[],
): FoundBins {
  const all = 2 ** shifted.length - 1;
  const none: BinMoments = { rows: 0, n: 0, sum: 0, squares: 0 };
  return new Map(
    shifted.map(({ name }, k) => {
      // `grouping` sets the bit of each column that is not in the set, the first one highest.
      const own = rows.filter((r) => r["level"] === all - 2 ** (shifted.length - 1 - k));
      const values = [...new Set(own.map((r) => r[`g${k}`]))];
      const byMeasure = measures.map((_, m) =>
        values.map((value): BinPair => {
          const of = (win: number): BinMoments => {
            const row = own.find((r) => r["win"] === win && r[`g${k}`] === value);
            if (row === undefined) return none;
            const at = (x: string): number => Number(row[`${x}${m}`]);
            return { rows: Number(row["rows"]), n: at("n"), sum: at("s"), squares: at("q") };
          };
          return { baseline: of(0), incident: of(1) };
        }),
      );
      return [name, byMeasure] as const;
    }),
  );
}

function judge(
  shifted: readonly { readonly name: string }[],
  measures: readonly Measure[],
  found: FoundBins,
  sampled: boolean,
): ShiftImpact[] {
  const first = found.get(shifted[0]?.name ?? "") ?? [];
  const moved = measures.map((_, m) => changed(first[m] ?? []));
  const labelled = measures.some((m) => m.yardstick !== "score");
  const matters = measures.some(
    ({ yardstick }, m) => moved[m] === true && !(labelled && yardstick === "score"),
  );
  if (!matters) return [];
  return shifted.flatMap(({ name }) => {
    const impacts = measures.flatMap(({ yardstick, name: measure }, m): ShiftImpact[] => {
      const bins = found.get(name)?.[m] ?? [];
      const impact = moved[m] === true ? impactShare(bins) : null;
      if (impact === null) return [];
      const b = add(bins.map((x) => x.baseline));
      const i = add(bins.map((x) => x.incident));
      const means = { baseline: b.sum / b.n, incident: i.sum / i.n };
      return [{ ...impact, ...means, column: name, yardstick, measure, sampled }];
    });
    // Error before outcome before score, unless a later one tells clearly more.
    const best = impacts.reduce<ShiftImpact | null>(
      (a, b) => (a === null || b.share > a.share + 0.1 ? b : a),
      null,
    );
    return best === null ? [] : [best];
  });
}

/** Whether a mean changed by enough to look for where. */
function changed(bins: readonly BinPair[]): boolean {
  const b = add(bins.map((x) => x.baseline));
  const i = add(bins.map((x) => x.incident));
  if (b.n < 2 || i.n < 2) return false;
  const before = b.sum / b.n;
  const change = Math.abs(i.sum / i.n - before);
  const spread = Math.sqrt(varianceOf(b));
  const error = Math.sqrt(varianceOf(b) / b.n + varianceOf(i) / i.n);
  return change >= LEAST_CHANGE * Math.min(Math.abs(before), spread) && change > LEAST_Z * error;
}

/** The comparison of a table with the impact on the shifts of its columns, as a number and as a fact. */
export function withImpacts(
  compared: TableComparison,
  impacts: readonly ShiftImpact[],
): TableComparison {
  if (impacts.length === 0) return compared;
  const told = (shift: Shift, impact: ShiftImpact): Shift =>
    shift.verdict === "none"
      ? shift
      : { ...shift, impact: impact.share, facts: [...(shift.facts ?? []), factOf(impact)] };
  return {
    ...compared,
    columns: compared.columns.map((column) => {
      const impact = impacts.find((i) => i.column === column.column);
      return impact === undefined
        ? column
        : { ...column, shifts: column.shifts.map((s) => told(s, impact)) };
    }),
  };
}

function factOf(impact: ShiftImpact): Fact {
  const { column, measure, baseline, incident, share, low, high } = impact;
  const rows = impact.sampled ? ` (${formatNumber(MOST_ROWS)} rows a window, chosen by hash)` : "";
  const change = `the change of the ${measure} (${formatNumber(baseline)} → ${formatNumber(incident)})`;
  return {
    name: "Goes with the model's change",
    value:
      share === 0
        ? `No: ${change} is much the same where \`${column}\` moved and where it did not${rows}.`
        : `About ${formatShare(share)} (95 % interval ${formatShare(low)} to ${formatShare(high)}) of ${change} lies in the rows where \`${column}\` moved${rows}.`,
  };
}
