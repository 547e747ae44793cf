import type { LabelMaturity } from "../../model/model-checks.ts";
import type { TableMeta } from "../../model/table.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER, NUMBER_OR_NULL, queryRows } from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";
import type { WindowPredicates } from "../compare-sql.ts";

/** Rows and labelled rows of one bucket of time in one window. */
export interface LabelBucket {
  readonly window: 0 | 1;
  /** µs UTC; null without a time column. */
  readonly from: number | null;
  readonly to: number | null;
  readonly rows: number;
  readonly labelled: number;
}

/** A bucket with fewer rows says nothing about how far its labels have come. */
const LEAST_ROWS = 30;
/** Labels have come in when the share with a label reaches this part of the baseline's. */
const MATURE = 0.9;

/**
 * Counts rows with a label by time in both windows.
 * @param y SQL expression of the label, NULL when missing
 */
export async function readLabelBuckets(
  engine: Engine,
  table: TableMeta,
  predicates: WindowPredicates,
  y: string,
  bucket: number | null,
  options: QueryOptions,
): Promise<LabelBucket[]> {
  const time = table.timeColumn;
  const at =
    bucket === null || time === null
      ? "NULL::BIGINT"
      : `CAST(floor(epoch_us(${ident(time)}) / ${bucket}) AS BIGINT)`;
  const one = (window: number, condition: string): string =>
    `SELECT ${window} AS win, ${at} AS bucket, count(*) AS rows, count(${y}) AS labelled FROM ${ident(table.name)} WHERE ${condition} GROUP BY 2`;
  const found = await queryRows(
    engine,
    `${one(0, predicates.baseline)} UNION ALL ${one(1, predicates.incident)} ORDER BY win, bucket`,
    { win: NUMBER, bucket: NUMBER_OR_NULL, rows: NUMBER, labelled: NUMBER },
    options,
  );
  return found.map(({ win, bucket: b, rows, labelled }) => ({
    window: win === 0 ? 0 : 1,
    from: b === null || bucket === null ? null : b * bucket,
    to: b === null || bucket === null ? null : (b + 1) * bucket,
    rows,
    labelled,
  }));
}

/**
 * How far labels have arrived, and from when on they have not. Labels that
 * come late make the youngest rows the ones without: the run of buckets at the
 * end whose labelled share stays below nine tenths of the baseline's (by more
 * than two standard errors) is left out of realised metrics. When the whole
 * incident is in that run, but evenly so, labels are missing rather than late:
 * the rows are compared, and the statement warns.
 */
export function labelMaturity(buckets: readonly LabelBucket[]): LabelMaturity {
  const share = (list: readonly LabelBucket[]): number => {
    const rows = list.reduce((s, b) => s + b.rows, 0);
    return rows === 0 ? 0 : list.reduce((s, b) => s + b.labelled, 0) / rows;
  };
  const baseline = buckets.filter((b) => b.window === 0);
  const incident = buckets.filter((b) => b.window === 1);
  const baselineShare = share(baseline);
  const incidentShare = share(incident);
  const timed = buckets
    .filter(
      (b): b is LabelBucket & { from: number; to: number } => b.from !== null && b.to !== null,
    )
    .sort((a, b) => a.from - b.from);
  const usable = timed.filter((b) => b.rows >= LEAST_ROWS);
  const target = medianShare(usable.filter((b) => b.window === 0)) ?? baselineShare;
  const young = youngRun(usable, target);
  const incidentUsable = usable.filter((b) => b.window === 1);
  const whole =
    incidentUsable.length > 0 &&
    incidentUsable.every((b) => young.includes(b)) &&
    incidentShare > 0;
  const late = !whole || declines(incidentUsable);
  const immatureFrom = late && young.length > 0 ? Math.min(...young.map((b) => b.from)) : null;
  const leftOut = timed
    .filter((b) => immatureFrom !== null && b.from >= immatureFrom)
    .reduce((s, b) => s + b.labelled, 0);
  return {
    baselineShare,
    incidentShare,
    byAge: timed
      .map(({ from, to, rows, labelled }) => ({ from, to, rows, labelled }))
      .sort((a, b) => b.from - a.from),
    immatureFrom,
    leftOut,
    statement: statementOf(baselineShare, incidentShare, immatureFrom, leftOut, whole),
  };
}

/** The buckets at the end of time, counted back to the first that has its labels. */
function youngRun<B extends LabelBucket>(buckets: readonly B[], target: number): B[] {
  const run: B[] = [];
  if (target <= 0) return run;
  for (const bucket of [...buckets].reverse()) {
    if (!below(bucket, target)) break;
    run.push(bucket);
  }
  return run;
}

function below({ rows, labelled }: LabelBucket, target: number): boolean {
  const wanted = MATURE * target;
  const noise = 2 * Math.sqrt((wanted * (1 - wanted)) / rows);
  return labelled / rows < wanted - noise;
}

function medianShare(buckets: readonly LabelBucket[]): number | null {
  const shares = buckets.map((b) => b.labelled / b.rows).sort((a, b) => a - b);
  return shares[Math.floor(shares.length / 2)] ?? null;
}

/** Whether the younger half of the buckets has clearly fewer labels than the older half. */
function declines(buckets: readonly LabelBucket[]): boolean {
  const half = Math.ceil(buckets.length / 2);
  const older = medianShare(buckets.slice(0, half));
  const rest = buckets.slice(half);
  const rows = rest.reduce((s, b) => s + b.rows, 0);
  const labelled = rest.reduce((s, b) => s + b.labelled, 0);
  return (
    older !== null && rows > 0 && below({ window: 1, from: null, to: null, rows, labelled }, older)
  );
}

function statementOf(
  baseline: number,
  incident: number,
  immatureFrom: number | null,
  leftOut: number,
  whole: boolean,
): string | null {
  const percent = (x: number): string => `${(100 * x).toFixed(x > 0 && x < 0.1 ? 1 : 0)} %`;
  if (baseline === 0 && incident === 0) return "No row of either window has a label.";
  if (incident === 0) {
    return `The incident has no labels (baseline: ${percent(baseline)} of rows): what the model achieved there is not known yet.`;
  }
  if (baseline === 0) {
    return `The baseline has no labels (incident: ${percent(incident)} of rows): there is nothing to compare with.`;
  }
  if (immatureFrom !== null) {
    const at = new Date(immatureFrom / 1000).toISOString().slice(0, 16).replace("T", " ");
    return `Labels of the youngest rows have not all arrived: ${percent(incident)} of the incident has one, ${percent(baseline)} of the baseline. Rows from ${at} UTC on (${leftOut.toLocaleString("en-US")} of them labelled) are left out, so that both windows have labels of the same maturity.`;
  }
  if (whole || incident < MATURE * baseline) {
    return `Labels are missing from the incident without regard to age (${percent(incident)} of rows against ${percent(baseline)}): metrics hold only if those that are there are typical.`;
  }
  return null;
}
