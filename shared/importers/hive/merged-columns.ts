import type { ImportOptions, PlannedColumn } from "../../model/evidence.ts";
import type { ColumnType } from "../../model/role.ts";
import { uniqueNames } from "../delimited/header.ts";
import { hintsTime } from "../delimited/types.ts";
import type { ImportPlan } from "../importer.ts";
import { assignRoles } from "../roles.ts";

import { compileTime, detectTimeLayout, type TimeParser } from "../times.ts";
import { writtenTime } from "./paths.ts";

/** A column of the table, and where it comes from. */
export interface TableColumnPlan {
  readonly planned: PlannedColumn;
  /** `file`: a column of the files, by its name in lower case; `path`: a key of the folders. */
  readonly from: "file" | "path" | "name" | "rest";
  readonly key: string;
  /** Reads the values of a path that are times. */
  readonly parse: TimeParser | null;
}

/** The columns of all files by name. A type that differs becomes the wider one. */
export function mergeColumns(
  plans: readonly ImportPlan[],
  paths: readonly (readonly (readonly [string, string | null])[])[],
  options: ImportOptions,
  withRest: boolean,
): TableColumnPlan[] {
  const files = fileColumns(plans);
  const known = new Set(files.map((c) => c.name.toLowerCase()));
  const keys = pathColumns(paths, options).filter((c) => !known.has(c.name.toLowerCase()));
  const placed = files.some((c) => c.role === "timestamp");
  const specs: (PlannedColumn & Pick<TableColumnPlan, "from" | "parse">)[] = [
    ...files.map((c) => ({ ...c, from: "file" as const, parse: null })),
    ...keys.map((c) =>
      placed && c.role === "timestamp"
        ? {
            ...c,
            role: "ignore" as const,
            reason: "another time; rows are placed by a column of the files",
          }
        : c,
    ),
    ...(withRest ? [{ ...REST, from: "rest" as const, parse: null }] : []),
    { ...FILE, from: "name", parse: null },
  ];
  const { names } = uniqueNames(specs.map((s) => s.name));
  return specs.map(({ from, parse, ...planned }, i) => {
    const name = names[i] ?? planned.name;
    const role = options.roles?.[name];
    const type = options.types?.[name] ?? planned.type;
    const set = role === undefined ? planned : { ...planned, role, reason: "set by you" };
    const key = planned.name.toLowerCase();
    return { planned: { ...set, name, type, source: planned.source }, from, key, parse };
  });
}

const REST: PlannedColumn = {
  name: "fields",
  source: "fields",
  type: "varchar",
  role: "ignore",
  reason: "columns that only files further down have, as JSON",
};
const FILE: PlannedColumn = {
  name: "_file",
  source: "path",
  type: "varchar",
  role: "ignore",
  reason: "the file that a row comes from; _line is its record there",
};

function fileColumns(plans: readonly ImportPlan[]): PlannedColumn[] {
  const merged = new Map<string, PlannedColumn & { empty: boolean }>();
  for (const plan of plans)
    plan.columns.forEach((column, c) => {
      const key = column.name.toLowerCase();
      const before = merged.get(key);
      const empty = isEmpty(plan, c);
      if (before === undefined) merged.set(key, { ...column, source: column.name, empty });
      else if (before.empty)
        merged.set(key, {
          ...before,
          ...(empty ? {} : column),
          source: before.name,
          name: before.name,
          empty,
        });
      else if (!empty) merged.set(key, { ...before, type: widerType(before.type, column.type) });
    });
  let placed = false;
  return [...merged.values()].map(({ name, source, type, role, reason, unit }): PlannedColumn => {
    const column = { name, source, type, role, reason, ...(unit === undefined ? {} : { unit }) };
    const second = column.role === "timestamp" && (placed || column.type !== "timestamp");
    if (column.role === "timestamp" && !second) placed = true;
    return second
      ? { ...column, role: "ignore", reason: "another time; rows are placed by the first" }
      : column;
  });
}

/** What a file of text says of a column without values is no more than a guess. */
function isEmpty(plan: ImportPlan, column: number): boolean {
  const typed = plan.importer === "parquet" || plan.importer === "arrow";
  return !typed && plan.preview.rows.every((row) => (row[column] ?? "").trim() === "");
}

export function widerType(a: ColumnType, b: ColumnType): ColumnType {
  if (a === b) return a;
  const numbers = [a, b].every((t) => t === "bigint" || t === "double");
  return numbers ? "double" : "varchar";
}

const DAY_KEY =
  /^(?:dt|ds|date|day|datetime|timestamp|ts|event_?date|partition_?date|.*_date|.*_dt|.*_at)$/i;

function pathColumns(
  paths: readonly (readonly (readonly [string, string | null])[])[],
  options: ImportOptions,
): (PlannedColumn & { readonly from: "path"; readonly parse: TimeParser | null })[] {
  const values = new Map<string, { name: string; texts: string[] }>();
  for (const path of paths)
    for (const [name, text] of path) {
      const seen = values.get(name.toLowerCase()) ?? { name, texts: [] };
      if (text !== null) seen.texts.push(text);
      values.set(name.toLowerCase(), seen);
    }
  return [...values.values()].map(({ name, texts }) => {
    const time = timeOf(name, texts);
    const parse =
      time === null
        ? null
        : compileTime(time, {
            zone: options.timezone ?? "UTC",
            clockOffsetMicros: (options.clockOffsetMs ?? 0) * 1000,
            ...(options.dayFirst === undefined ? {} : { dayFirst: options.dayFirst }),
          });
    const type = time === null ? typeOfTexts(texts) : "timestamp";
    const distinct = new Set(texts).size;
    const [role] = assignRoles([{ name, type, filled: texts.length, distinct }]);
    const segment = type === "varchar" && role?.role === "feature" && distinct <= 1000;
    return {
      name,
      source: name,
      type,
      role: segment ? "segment" : (role?.role ?? "feature"),
      reason: `a key of the folders, ${distinct} value${distinct === 1 ? "" : "s"}`,
      from: "path",
      parse,
    };
  });
}

function timeOf(name: string, texts: readonly string[]): ReturnType<typeof layoutOf> {
  if (texts.length === 0) return null;
  const written = texts.every((t) => /^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}/.test(t));
  const named = DAY_KEY.test(name) || hintsTime(name);
  return written || (named && texts.every((t) => t.length >= 8)) ? layoutOf(texts) : null;
}

function layoutOf(
  texts: readonly string[],
): NonNullable<ReturnType<typeof detectTimeLayout>>["layout"] | null {
  return detectTimeLayout(texts.map(writtenTime))?.layout ?? null;
}

function typeOfTexts(texts: readonly string[]): ColumnType {
  if (texts.length === 0) return "varchar";
  // `month=05` is a number, `zip=01067` is none.
  const whole = texts.every((t) => /^-?(?:0|[1-9]\d{0,14}|0\d)$/.test(t));
  if (whole) return "bigint";
  if (texts.every((t) => /^-?\d+\.\d+$/.test(t))) return "double";
  return texts.every((t) => /^(?:true|false)$/i.test(t)) ? "boolean" : "varchar";
}
