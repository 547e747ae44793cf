import type { Comparison } from "../../../shared/model/comparison.ts";
import type { Shift } from "../../../shared/model/shift.ts";
import type { TableMeta } from "../../../shared/model/table.ts";
import type { DriftCase } from "./drift-cases.ts";

/** An alarm or its absence, with what is needed to judge it by hand. */
export interface Told {
  readonly case: string;
  readonly column: string;
  /** `kind verdict effect=value` of every shift of the column, strongest first. */
  readonly shifts: readonly string[];
}

/** Columns of one case, counted for verdicts from one level on. */
export interface Counts {
  readonly hits: number;
  readonly misses: number;
  readonly falseAlarms: number;
  readonly alarmed: number;
  readonly columns: number;
}

export interface CaseScore {
  readonly set: string;
  readonly name: string;
  readonly changed: readonly string[];
  readonly major: Counts;
  readonly minorOrMajor: Counts;
  /** Changed columns without any verdict, and those with a minor one at most. */
  readonly missed: readonly Told[];
  readonly onlyMinor: readonly Told[];
  /** Columns not known to have changed. */
  readonly falselyMajor: readonly Told[];
  readonly falselyMinor: readonly Told[];
  /** Shifts of the table as a whole, which no column's truth speaks of. */
  readonly ofTable: readonly string[];
}

export interface Rates {
  /** Null where nothing was alarmed or nothing had changed. */
  readonly precision: number | null;
  readonly recall: number | null;
  readonly alarmedShare: number;
}

/**
 * Verdicts of a comparison against the columns that are known to have changed.
 * A column counts once, by its strongest verdict; columns that moved as a
 * consequence, the time column and the windows' own column are left out.
 */
export function scoreCase(one: DriftCase, tables: TableMeta[], found: Comparison): CaseScore {
  const filtered = one.windows.baseline.filter?.column;
  const left = new Set([...one.follows, ...(filtered === undefined ? [] : [filtered])].map(plain));
  const times = new Set(tables.map((t) => t.timeColumn));
  const own = tables.filter((t) => t.target === "own").flatMap((t) => t.columns.map((c) => c.name));
  // Numbers beside a time are metrics, and their columns are series.
  const series = found.tables
    .filter((t) => !tables.some((o) => o.name === t.table && o.target === "own"))
    .flatMap((t) => t.columns.map((c) => c.column));
  const columns = [...own, ...series].filter(
    (name) => !name.startsWith("_") && !times.has(name) && !left.has(plain(name)),
  );
  const skipped = found.tables.flatMap((t) => (t.skipped === null ? [] : [t.skipped]));
  if (skipped.length > 0) throw new Error(`${one.name}: not compared: ${skipped.join("; ")}`);
  const changed = new Set(one.changed.map(plain));
  for (const name of one.changed) {
    if (!columns.some((c) => plain(c) === plain(name))) {
      throw new Error(`${one.name}: the truth names ${name}, compared were ${columns.join(", ")}`);
    }
  }
  const told = columns.map((column) => {
    const shifts = found.shifts.filter(
      (s) => s.subject.type !== "table" && s.subject.name === column,
    );
    const level = shifts.some((s) => s.verdict === "major") ? 2 : shifts.length > 0 ? 1 : 0;
    return {
      ...{ case: one.name, column, shifts: shifts.map(shiftText) },
      ...{ level, isChanged: changed.has(plain(column)) },
    };
  });
  const pick = (isChanged: boolean, level: number): Told[] =>
    told
      .filter((t) => t.isChanged === isChanged && t.level === level)
      .map(({ case: name, column, shifts }) => ({ case: name, column, shifts }));
  const count = (least: number): Counts => ({
    hits: told.filter((t) => t.isChanged && t.level >= least).length,
    misses: told.filter((t) => t.isChanged && t.level < least).length,
    falseAlarms: told.filter((t) => !t.isChanged && t.level >= least).length,
    alarmed: told.filter((t) => t.level >= least).length,
    columns: told.length,
  });
  return {
    ...{ set: one.set, name: one.name, changed: one.changed },
    ...{ major: count(2), minorOrMajor: count(1) },
    ...{ missed: pick(true, 0), onlyMinor: pick(true, 1) },
    ...{ falselyMajor: pick(false, 2), falselyMinor: pick(false, 1) },
    ofTable: found.shifts.filter((s) => s.subject.type === "table").map(shiftText),
  };
}

/** Over all columns of several cases together. */
export function ratesOf(counts: readonly Counts[]): Rates {
  const sum = (of: keyof Counts): number => counts.reduce((total, c) => total + c[of], 0);
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  return {
    precision: share(sum("hits"), sum("hits") + sum("falseAlarms")),
    recall: share(sum("hits"), sum("hits") + sum("misses")),
    alarmedShare: share(sum("alarmed"), sum("columns")) ?? 0,
  };
}

export function shiftText(s: Shift): string {
  const value = Number(s.effect.value.toPrecision(3));
  return `${s.kind} ${s.verdict} ${s.effect.name}=${String(value)}`;
}

/** A column's name as an importer may have written it. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z\d]+/g, "_");
}
