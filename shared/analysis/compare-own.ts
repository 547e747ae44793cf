import type { ColumnComparison } from "../model/shift.ts";
import type { TableMeta } from "../model/table.ts";
import { queryTable, readColumn } from "../tables/rows.ts";
import { ident } from "../tables/sql.ts";
import { compareCategories } from "./compare-categorical.ts";
import { countCategories } from "./count-categories.ts";
import { compareNumeric, type NumericSample } from "./compare-numeric.ts";
import { categoricalShiftSql, nullShiftSql, numericShiftSql } from "./compare-sql.ts";
import { compareTimes } from "./compare-time.ts";
import type { ColumnDraft } from "./draft-shift.ts";
import { layerOfRole } from "./layer-of.ts";
import { exportSorted, type NumericExpression } from "./numeric-export.ts";
import {
  finishColumn,
  throwIfCancelled,
  withoutProgress,
  type ColumnIdentity,
  type TableTask,
} from "./table-task.ts";
import { compareVolume } from "./compare-volume.ts";

type Column = TableMeta["columns"][number];

/** A text column with more distinct values per row than this is free text or an id. */
const FREE_TEXT_SHARE = 0.5;
const FREE_TEXT_LEAST = 50;

/**
 * Compares the columns of an own table (or of `events`): numbers by their
 * distribution, texts and booleans by their categories, free texts and ids by
 * length and missing rate, further time columns by their lag, rows per time.
 */
export async function compareOwnColumns(task: TableTask): Promise<ColumnComparison[]> {
  const { table, options } = task;
  const filtered = new Set(
    [task.windows.baseline.filter?.column, task.windows.incident.filter?.column].filter(
      (name) => name !== undefined,
    ),
  );
  const columns = table.columns.filter(
    (c) => c.role !== "ignore" && !filtered.has(c.name) && !c.name.startsWith("_"),
  );
  const numeric = columns.filter((c) => c.type === "double" || c.type === "bigint");
  const texts = columns.filter((c) => c.type === "varchar");
  const free = await freeTexts(task, texts);
  const categorical = columns.filter(
    (c) => c.type === "boolean" || (c.type === "varchar" && !free.has(c.name)),
  );
  const measured = [...numeric, ...texts.filter((c) => free.has(c.name))];
  const total = measured.length + categorical.length + 1;
  let done = 0;
  const step = (): void => {
    throwIfCancelled(options);
    done++;
    options.onProgress?.(done / total);
  };
  const found = new Map<string, ColumnComparison>();
  for await (const item of compareMeasured(task, measured)) {
    found.set(item.column, item);
    step();
  }
  for (const column of categorical) {
    found.set(column.name, await compareText(task, column));
    step();
  }
  const rest = [...(await compareTimes(task)), ...(await compareVolume(task))];
  const ordered = columns.flatMap((c) => {
    const item = found.get(c.name);
    return item === undefined ? [] : [item];
  });
  return [...ordered, ...rest];
}

/** Text columns that are free text or ids, by an approximate count of their values. */
async function freeTexts(task: TableTask, texts: readonly Column[]): Promise<Set<string>> {
  if (texts.length === 0) return new Set();
  const { baseline, incident } = task.predicates;
  const list = texts.flatMap((c, k) => [
    `approx_count_distinct(${ident(c.name)}) AS d${String(k)}`,
    `count(${ident(c.name)}) AS n${String(k)}`,
  ]);
  const counts = await queryTable(
    task.engine,
    `SELECT ${list.join(", ")} FROM ${ident(task.table.name)} WHERE ${baseline} OR ${incident}`,
    withoutProgress(task.options),
  );
  const read = (name: string): number => Number(readColumn(counts, name)[0] ?? 0);
  return new Set(
    texts
      .filter((c, k) => {
        const distinct = read(`d${String(k)}`);
        const isId = c.role === "entity" || c.role === "message";
        return (
          (isId && distinct > FREE_TEXT_LEAST) ||
          (distinct > FREE_TEXT_LEAST && distinct > FREE_TEXT_SHARE * read(`n${String(k)}`))
        );
      })
      .map((c) => c.name),
  );
}

async function* compareMeasured(
  task: TableTask,
  columns: readonly Column[],
): AsyncGenerator<ColumnComparison> {
  const source = ident(task.table.name);
  const { baseline, incident } = task.predicates;
  const quiet = withoutProgress(task.options);
  const expressions: NumericExpression[] = columns.map((c) => ({
    name: c.name,
    sql: numericExpression(c),
  }));
  const before = exportSorted(
    task.engine,
    source,
    baseline,
    expressions,
    task.rows.baseline,
    quiet,
  );
  const after = exportSorted(task.engine, source, incident, expressions, task.rows.incident, quiet);
  for (const [k, column] of columns.entries()) {
    const b = (await before.next()).value as NumericSample;
    const i = (await after.next()).value as NumericSample;
    const expression = expressions[k]?.sql ?? "NULL";
    const isText = column.type === "varchar";
    const draft = isText
      ? compareNumeric(`length of ${column.name}`, b, i, "characters")
      : compareNumeric(column.name, b, i, column.unit);
    const identity: ColumnIdentity = {
      ...identityOf(task, column),
      ...(isText ? { unit: "characters" } : {}),
      sql: (shift) =>
        shift.query === "nulls"
          ? nullShiftSql(source, `${expression} IS NULL OR isnan(${expression})`, task.predicates)
          : shift.query === "categorical"
            ? categoricalShiftSql(source, `CAST(${ident(column.name)} AS VARCHAR)`, task.predicates)
            : numericShiftSql(source, expression, task.predicates),
    };
    const told = column.role === "entity" ? idOnly(draft) : isText ? withoutCodes(draft) : draft;
    yield finishColumn(task.table.name, identity, told);
  }
}

/** The values of ids mean nothing; only their absence does. */
function idOnly(draft: ColumnDraft): ColumnDraft {
  return {
    ...draft,
    shifts: draft.shifts.filter((s) => s.kind === "null_rate"),
  };
}

/** Lengths are no codes, however few of them there are. */
function withoutCodes(draft: ColumnDraft): ColumnDraft {
  return {
    ...draft,
    shifts: draft.shifts.filter((s) => s.kind === "null_rate" || s.kind === "distribution"),
  };
}

/** Numbers as DOUBLE; texts as their length, the empty text counting as missing. */
function numericExpression(column: Column): string {
  const name = ident(column.name);
  return column.type === "varchar" ? `nullif(length(${name}), 0)::DOUBLE` : `${name}::DOUBLE`;
}

async function compareText(task: TableTask, column: Column): Promise<ColumnComparison> {
  const source = ident(task.table.name);
  const value =
    column.type === "varchar" ? ident(column.name) : `CAST(${ident(column.name)} AS VARCHAR)`;
  const sample = await countCategories(
    task.engine,
    source,
    value,
    task.predicates,
    task.rows,
    withoutProgress(task.options),
  );
  const draft = compareCategories(column.name, sample, column.role);
  return finishColumn(
    task.table.name,
    {
      ...identityOf(task, column),
      sql: (shift) =>
        shift.query === "nulls"
          ? nullShiftSql(source, `${ident(column.name)} IS NULL`, task.predicates)
          : categoricalShiftSql(source, value, task.predicates, shift.remap),
    },
    column.role === "entity" ? idOnly(draft) : draft,
  );
}

function identityOf(task: TableTask, column: Column): Omit<ColumnIdentity, "sql"> {
  return {
    column: column.name,
    type: column.type,
    role: column.role,
    layer: layerOfRole(column.role),
    subject: "column",
    service: null,
    unit: column.unit,
    evidenceIds: task.evidenceIds,
  };
}
