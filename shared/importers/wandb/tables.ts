import type { ImportOptions } from "../../model/evidence.ts";
import type { ColumnType } from "../../model/role.ts";
import {
  FixedTablesWriter,
  furtherFixedTable,
  type EventRow,
  type Position,
} from "../fixed-tables-writer.ts";
import type { FurtherTable, ImportPlan, Sink } from "../importer.ts";
import { seriesKey } from "../series-key.ts";
import {
  column,
  furtherOwnTable,
  OwnTableWriter,
  planOwnTable,
  type ColumnSpec,
} from "../training-runs/own-table.ts";

const RUNS_TABLE = "wandb_runs";
const METRICS_TABLE = "wandb_metrics";

/** The tables of a plan, the main one first. */
export interface WandbTables {
  readonly main: FurtherTable;
  readonly further: readonly FurtherTable[];
}

/** Runs, and what a run folder holds beside them. */
export function planRuns(
  columns: readonly ColumnSpec[],
  options: ImportOptions,
  withPoints: boolean,
): WandbTables {
  const main = furtherOwnTable(planOwnTable(options.table ?? RUNS_TABLE, columns, options));
  const points = [furtherFixedTable("metrics"), furtherOwnTable(metricsTable())];
  return { main, further: [...(withPoints ? points : []), furtherFixedTable("events")] };
}

/** Points: `metrics` where they have times, else a table by step alone. */
export function planPoints(timed: boolean): WandbTables {
  const own = furtherOwnTable(metricsTable());
  return timed
    ? { main: furtherFixedTable("metrics"), further: [own] }
    : { main: own, further: [] };
}

function metricsTable(): ReturnType<typeof planOwnTable> {
  return planOwnTable(METRICS_TABLE, METRIC_COLUMNS, {});
}

const METRIC_COLUMNS: readonly ColumnSpec[] = [
  column("run_id", "varchar", "entity"),
  column("run_name", "varchar", "segment"),
  column("key", "varchar", "series"),
  column("axis", "varchar", "feature", "what the step counts"),
  column("step", "double"),
  column("ts", "timestamp", "timestamp"),
  column("runtime", "double", "feature", "seconds since the run began"),
  column("value", "double", "value"),
  column("min", "double", "feature", "least value of the points that the chart joins"),
  column("max", "double", "feature", "greatest value of the points that the chart joins"),
  column("text", "varchar", "ignore", "a value that is no number, as JSON"),
];

/** Columns of a run; `config.*` and `summary.*` follow them. */
export const RUN_COLUMNS: readonly ColumnSpec[] = [
  column("run_id", "varchar", "entity"),
  column("state", "varchar", "segment"),
  column("started_at", "timestamp", "timestamp"),
  column("last_time", "timestamp", "ignore", "time of the last point that was logged"),
  column("runtime", "double", "feature", "seconds"),
  column("last_step", "double"),
  column("program", "varchar"),
  column("host", "varchar", "host"),
  column("username", "varchar", "segment"),
  column("git_commit", "varchar"),
  column("git_remote", "varchar"),
  column("python", "varchar"),
];

/** A spec for a setting or a summary value. */
export function settingColumn(source: string, type: ColumnType, what: string): ColumnSpec {
  return column(source, type, "feature", what);
}

export interface RunLabels {
  readonly runId: string | null;
  readonly runName: string | null;
}

/** A value at a step or time. */
export interface Point {
  readonly key: string;
  readonly ts: number | null;
  /** What `step` counts, where it is not W&B's own step. */
  readonly axis?: string | null;
  readonly step?: number | null;
  readonly runtime?: number | null;
  /** Null where `text` holds what was logged. */
  readonly value: number | null;
  readonly min?: number | null;
  readonly max?: number | null;
  readonly text?: string | null;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Writes the rows of runs and their histories. It does not count records. */
export class WandbWriter {
  readonly #fixed: FixedTablesWriter;
  readonly #runs: OwnTableWriter | null;
  readonly #points: OwnTableWriter | null;
  readonly #service: string | null;

  constructor(sink: Sink, plan: ImportPlan) {
    const { target, table, further = [] } = plan;
    // No record goes to spans: a main table of its own leaves all fixed ones further.
    this.#fixed = new FixedTablesWriter(sink, target === "own" ? "spans" : target);
    const pointsAreMain = table === METRICS_TABLE && further.length === 0;
    this.#runs =
      target === "own" && !pointsAreMain ? new OwnTableWriter(sink, plan, plan.options) : null;
    const points = pointsAreMain ? plan : further.find((t) => t.table === METRICS_TABLE);
    this.#points =
      points === undefined
        ? null
        : new OwnTableWriter(sink, points, {}, pointsAreMain ? undefined : METRICS_TABLE);
    this.#service = plan.options.service ?? null;
  }

  run(cells: Iterable<readonly [string, unknown]>, at: Position): void {
    this.#runs?.row(cells, at);
  }

  event(row: EventRow, at: Position): void {
    this.#fixed.event({ ...row, service: row.service ?? this.#service }, at);
  }

  /**
   * A number with a time is a metric; `wandb_metrics` has it with its step.
   * `bare`: a measurement of the machine, which has no step, and stands in
   * `metrics` alone.
   */
  point(point: Point, run: RunLabels, at: Position, bare = false): void {
    const { key, value, ts } = point;
    const metric = value !== null && ts !== null && this.#timed;
    if (metric)
      this.#fixed.metric(
        {
          ts,
          series: seriesKey(key, [
            ["run_id", run.runId ?? ""],
            ["run", run.runName ?? ""],
          ]),
          name: key,
          service: this.#service,
          value,
        },
        at,
      );
    if (bare && metric) return;
    const { fields, ...cells } = point;
    this.#points?.row(
      [
        ["run_id", run.runId],
        ["run_name", run.runName],
        ...Object.entries(cells),
        ["fields", fields],
      ],
      at,
    );
  }

  /** False where the points are a table of their own, without a time. */
  get #timed(): boolean {
    return this.#runs !== null || this.#fixed.main === "metrics";
  }

  get full(): boolean {
    return this.#fixed.full || this.#points?.full === true;
  }

  async deliver(): Promise<void> {
    await this.#fixed.deliver();
    await this.#points?.deliver();
    await this.#runs?.deliver();
  }

  async finish(): Promise<void> {
    await this.#runs?.finish();
    await this.#points?.finish();
    await this.#fixed.finish();
  }
}
