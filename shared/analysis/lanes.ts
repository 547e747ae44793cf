import type { TableMeta } from "../model/table.ts";
import type { TemplateEdit } from "../model/template-edit.ts";
import type { Lane } from "../model/timeline.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import {
  NUMBER,
  NUMBER_OR_NULL,
  STRING,
  STRING_OR_NULL,
  queryRows,
  queryTable,
  readColumn,
} from "../tables/rows.ts";
import { ident } from "../tables/sql.ts";
import { layerOfMetric, layerOfRole } from "./layer-of.ts";
import { readUnits } from "./logs/log-units.ts";
import { seriesSource } from "./series-source.ts";

/**
 * Everything of a case that can be drawn over time: log volume by level,
 * events, rows of each own table, each metric series (those that vary most
 * relative to their mean first), of each column of an own table its mean
 * (numbers), share of true (booleans) or of the most frequent value (texts), and
 * its missing rate where anything is missing, how often a prediction was right
 * (or how far off), and the lines of the most frequent statements of the logs.
 */
export async function listLanes(
  engine: Engine,
  tables: readonly TableMeta[],
  edits: readonly TemplateEdit[] = [],
  options: QueryOptions = {},
): Promise<Lane[]> {
  const lanes: Lane[] = [];
  for (const table of tables) {
    if (table.timeColumn === null || table.rows === 0) continue;
    switch (table.target) {
      case "logs":
        lanes.push({
          id: table.name,
          title: "Log lines by level",
          kind: "log-levels",
          layer: "serving",
          table: table.name,
          subject: null,
          statistic: "count",
          unit: "lines",
        });
        lanes.push(...(await templateLanes(engine, table, edits, options)));
        break;
      case "events":
        lanes.push({
          id: table.name,
          title: "Events",
          kind: "events",
          layer: "people",
          table: table.name,
          subject: null,
          statistic: null,
        });
        break;
      case "metrics":
      case "spans":
        lanes.push(...(await seriesLanes(engine, table, options)));
        break;
      case "own":
        lanes.push(...(await ownLanes(engine, table, table.timeColumn, options)));
        break;
    }
  }
  const order = ["log-levels", "events", "volume", "series", "feature", "template"];
  return lanes.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

/** Statements that have a lane of their own; others come from the comparison of the logs. */
const MOST_TEMPLATES = 60;

/** Lines of the most frequent statements; those that tell of trouble first. */
async function templateLanes(
  engine: Engine,
  table: TableMeta,
  edits: readonly TemplateEdit[],
  options: QueryOptions,
): Promise<Lane[]> {
  const units = await readUnits(engine, edits, options);
  const counts = await queryRows(
    engine,
    `SELECT shape, count(*) AS n, count(*) FILTER (WHERE level IN ('error', 'fatal')) AS e
FROM ${ident(table.name)} WHERE shape IS NOT NULL GROUP BY 1`,
    { shape: NUMBER, n: NUMBER, e: NUMBER },
    options,
  );
  const byShape = new Map(counts.map((row) => [row.shape, row]));
  return units
    .map((unit) => {
      const own = unit.shapes.flatMap((shape) => byShape.get(shape) ?? []);
      const lines = own.reduce((sum, row) => sum + row.n, 0);
      const isTrouble = own.reduce((sum, row) => sum + row.e, 0) > lines / 2;
      return { unit, lines, isTrouble };
    })
    .filter(({ lines }) => lines > 0)
    .sort((a, b) => Number(b.isTrouble) - Number(a.isTrouble) || b.lines - a.lines)
    .slice(0, MOST_TEMPLATES)
    .map(({ unit }) =>
      templateLane(unit.id, unit.template.name ?? unit.template.text, unit.shapes),
    );
}

/** Lines of a statement over time. */
export function templateLane(id: string, title: string, shapes: readonly number[]): Lane {
  return {
    ...{ id: `logs/template/${id}`, title, kind: "template", layer: "serving" },
    ...{ table: "logs", subject: id, statistic: "count", unit: "lines" },
    lines: { shapes: [...shapes] },
  };
}

async function seriesLanes(
  engine: Engine,
  table: TableMeta,
  options: QueryOptions,
): Promise<Lane[]> {
  const found = await queryRows(
    engine,
    `SELECT series, any_value(name) AS name, any_value(unit) AS unit,
  coalesce(stddev_pop(value) FILTER (WHERE isfinite(value)), 0)
    / greatest(avg(abs(value)) FILTER (WHERE isfinite(value)), 1e-12) AS variation
FROM ${seriesSource(table)} WHERE series IS NOT NULL AND value IS NOT NULL
GROUP BY series ORDER BY variation DESC NULLS LAST, series`,
    {
      series: STRING,
      name: STRING_OR_NULL,
      unit: STRING_OR_NULL,
      variation: NUMBER_OR_NULL,
    },
    options,
  );
  return found.map((s) => ({
    id: `${table.name}/${s.series}`,
    title: s.series,
    kind: "series",
    layer: layerOfMetric(s.name ?? s.series),
    table: table.name,
    subject: s.series,
    statistic: "mean",
    ...(s.unit === null ? {} : { unit: s.unit }),
  }));
}

async function ownLanes(
  engine: Engine,
  table: TableMeta,
  timeColumn: string,
  options: QueryOptions,
): Promise<Lane[]> {
  const columns = table.columns.filter(
    (c) =>
      c.name !== timeColumn &&
      !["ignore", "entity", "message", "timestamp"].includes(c.role) &&
      c.type !== "timestamp",
  );
  const lanes: Lane[] = [
    {
      id: `${table.name}/rows`,
      title: `Rows of ${table.name}`,
      kind: "volume",
      layer: "data",
      table: table.name,
      subject: null,
      statistic: "count",
      unit: "rows",
    },
  ];
  lanes.push(...outcomeLanes(table));
  if (columns.length === 0) return lanes;
  const list = columns.map((c, k) => `count(*) - count(${ident(c.name)}) AS n${String(k)}`);
  const nulls = await queryTable(
    engine,
    `SELECT ${list.join(", ")} FROM ${ident(table.name)}`,
    options,
  );
  for (const [k, column] of columns.entries()) {
    const measured = column.type === "double" || column.type === "bigint";
    const statistic = measured ? "mean" : "rate";
    const what = measured
      ? "mean"
      : column.type === "boolean"
        ? "share of true"
        : "share of its most frequent value";
    const common = {
      kind: "feature" as const,
      layer: layerOfRole(column.role),
      table: table.name,
      subject: column.name,
    };
    lanes.push({
      ...common,
      id: `${table.name}/${column.name}/${statistic}`,
      title: `${column.name}: ${what} (${table.name})`,
      statistic,
      ...(measured && column.unit !== undefined ? { unit: column.unit } : {}),
    });
    if (Number(readColumn(nulls, `n${String(k)}`)[0] ?? 0) > 0) {
      lanes.push({
        ...common,
        id: `${table.name}/${column.name}/null_rate`,
        title: `${column.name}: missing (${table.name})`,
        statistic: "null_rate",
      });
    }
  }
  return lanes;
}

/** How often each prediction was right, or how far off, where the table has the label beside it. */
function outcomeLanes({ name, columns }: TableMeta): Lane[] {
  const label = columns.find((c) => c.role === "label");
  if (label === undefined) return [];
  const isNumber = (c: (typeof columns)[number]) => c.type === "double" || c.type === "bigint";
  return columns
    .filter((c) => c.role === "prediction" && isNumber(c) === isNumber(label))
    .map((prediction) => {
      // Whole numbers are classes; measures have fractions.
      const isClass = prediction.type !== "double" || label.type !== "double";
      const what = isClass ? `is ${label.name}` : `off ${label.name} by`;
      return {
        id: `${name}/${prediction.name}/${isClass ? "accuracy" : "error"}`,
        title: `${prediction.name} ${what} (${name})`,
        kind: "feature" as const,
        layer: "model" as const,
        table: name,
        subject: prediction.name,
        statistic: isClass ? ("accuracy" as const) : ("error" as const),
        against: label.name,
      };
    });
}
