import { err, ok, type Result } from "../../base/result.ts";
import type {
  ImportNote,
  ImportOptions,
  MetricLayout,
  PlannedColumn,
  TargetTable,
} from "../../model/evidence.ts";
import { FIXED_TABLES, PROVENANCE_COLUMNS, type TableColumn } from "../../tables/fixed-tables.ts";
import type { ImportError, ImportPlan } from "../importer.ts";
import { tableNameOf } from "../roles.ts";
import { describeBinary } from "../text.ts";
import {
  compileTime,
  describeClockOffset,
  detectTimeLayout,
  isKnownZone,
  type TimeParser,
} from "../times.ts";
import { readHeader, type Header } from "./header.ts";
import { DELIMITERS, sniffDialect, type Sample } from "./sniff.ts";
import { chooseTarget, type SampledColumn } from "./target.ts";
import { guessColumn, isNullText, type ColumnGuess } from "./types.ts";

/** All that reading needs to know, beyond what a person sees in the plan. */
export interface Analysis {
  readonly sample: Sample;
  readonly header: Header;
  readonly guesses: readonly ColumnGuess[];
  readonly layout: MetricLayout | null;
  readonly plan: ImportPlan;
  /** Parsers of the time columns, by column. */
  readonly times: readonly (TimeParser | null)[];
}

const PREVIEW_ROWS = 50;

/** Recognises dialect, header, types, roles and target of a head. `complete`: it is the whole file. */
export function analyse(
  head: Uint8Array,
  file: string,
  complete: boolean,
  options: ImportOptions,
): Result<Analysis, ImportError> {
  const refusal = refuse(head, file);
  if (refusal !== null) return err(refusal);
  return analyseSample(sniffDialect(head, complete, options), file, complete, options);
}

/** The same for records that were cut already: those of a sheet. */
export function analyseSample(
  sample: Sample,
  file: string,
  complete: boolean,
  options: ImportOptions,
): Result<Analysis, ImportError> {
  if (sample.records.length === 0) return err(emptyError(file));
  const { delimiter } = sample.dialect;
  const header = readHeader(sample.records, sample.width, delimiter, options.headerRows);
  const rows = sample.records.slice(header.rows).filter((r) => r.fields.length === sample.width);
  const columns = header.names.map((name, c) => {
    const cells = rows.map((r) => (r.fields[c] ?? "").trim());
    return readColumn(name, cells, delimiter, rows.length, options);
  });
  const choice = chooseTarget(
    columns.map((c) => c.profile),
    file,
    complete,
    options,
  );
  const planned = columns.map(({ profile, guess }, c): PlannedColumn => {
    const set = options.roles?.[profile.name];
    const role = choice.roles[c];
    const unit = guess.unit ?? unitOfName(profile.name);
    return {
      name: profile.name,
      source: c,
      type: profile.type,
      role: set ?? role?.role ?? "feature",
      reason: set === undefined ? (role?.reason ?? "") : "set by you",
      ...(unit === undefined ? {} : { unit }),
    };
  });
  const target = choice.target;
  const dayFirst = options.dayFirst ?? guessedDayFirst(columns);
  const year = options.year ?? new Date().getUTCFullYear();
  const times = columns.map(({ profile, guess }) =>
    profile.type === "timestamp"
      ? compileTime(guess.time?.layout ?? "iso", {
          zone: options.timezone ?? "UTC",
          year,
          clockOffsetMicros: (options.clockOffsetMs ?? 0) * 1000,
          dayFirst:
            guess.time?.ambiguousDayFirst === true ? dayFirst : (guess.time?.dayFirst ?? dayFirst),
        })
      : null,
  );
  const plan: ImportPlan = {
    importer: "delimited",
    options: filledOptions(options, sample, header, choice, planned, { dayFirst, year, columns }),
    target,
    table: target === "own" ? (options.table ?? tableNameOf(file)) : target,
    columns: planned,
    batchColumns: batchColumns(target, planned),
    preview: {
      header: header.names,
      rows: sample.records.slice(header.rows, header.rows + PREVIEW_ROWS).map((r) => r.fields),
    },
    notes: planNotes(sample, header, columns, options, dayFirst, rows.length, complete, year),
  };
  return ok({
    sample,
    header,
    guesses: columns.map((c) => c.guess),
    layout: choice.layout,
    plan,
    times,
  });
}

interface ReadColumn {
  readonly profile: SampledColumn;
  readonly guess: ColumnGuess;
}

function readColumn(
  name: string,
  cells: readonly string[],
  delimiter: number,
  rows: number,
  options: ImportOptions,
): ReadColumn {
  let guess = guessColumn(name, cells, delimiter);
  const filled = cells.filter((c) => !isNullText(c));
  // A header without rows says nothing about types.
  const type = options.types?.[name] ?? (rows === 0 ? "varchar" : guess.type);
  if (type === "timestamp" && guess.time === null) {
    guess = { ...guess, time: detectTimeLayout(filled) };
  }
  const numbers =
    type === "double" || type === "bigint"
      ? filled.map(Number).filter((n) => !Number.isNaN(n))
      : [];
  const length = filled.reduce((sum, c) => sum + c.length, 0);
  return {
    guess,
    profile: {
      name,
      type,
      cells,
      filled: guess.filled,
      distinct: guess.distinct,
      meanLength: filled.length === 0 ? 0 : length / filled.length,
      ...(numbers.length === 0 ? {} : range(numbers)),
      counts:
        type === "bigint" &&
        numbers.length === filled.length &&
        numbers.every((n, i) => i === 0 || n === (numbers[i - 1] ?? 0) + 1),
    },
  };
}

function range(numbers: readonly number[]): { min: number; max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (const n of numbers) {
    if (n < min) min = n;
    if (n > max) max = n;
  }
  return { min, max };
}

function guessedDayFirst(columns: readonly ReadColumn[]): boolean {
  // One column that is certain speaks for the others.
  const times = columns.flatMap(({ guess }) => (guess.time === null ? [] : [guess.time]));
  const numeric = times.filter((t) => t.layout === "numeric");
  const certain = numeric.find((t) => !t.ambiguousDayFirst);
  return certain?.dayFirst ?? numeric[0]?.dayFirst ?? false;
}

/** Unit that a column's name carries: `latency (ms)`, `CpuUsage(m)`, `duration_ms`, `size_bytes`. */
export function unitOfName(name: string): string | undefined {
  const bracketed = /[([]([^()[\]]{1,12})[)\]]\s*$/.exec(name)?.[1];
  if (bracketed !== undefined) return bracketed;
  const suffix = /[_ ](ms|us|ns|seconds|bytes|percent|pct|celsius)$/i
    .exec(name)?.[1]
    ?.toLowerCase();
  const words: Readonly<Record<string, string>> = {
    seconds: "s",
    bytes: "B",
    percent: "%",
    pct: "%",
    celsius: "°C",
  };
  return suffix === undefined ? undefined : (words[suffix] ?? suffix);
}

function batchColumns(target: TargetTable, planned: readonly PlannedColumn[]): TableColumn[] {
  const columns: readonly TableColumn[] =
    target === "own" ? planned.map(({ name, type }) => ({ name, type })) : FIXED_TABLES[target];
  return [...columns, ...PROVENANCE_COLUMNS];
}

function filledOptions(
  options: ImportOptions,
  sample: Sample,
  header: Header,
  choice: { readonly target: TargetTable; readonly layout: MetricLayout | null },
  planned: readonly PlannedColumn[],
  found: {
    readonly dayFirst: boolean;
    readonly year: number;
    readonly columns: readonly ReadColumn[];
  },
): ImportOptions {
  const times = found.columns.map((c) => c.guess.time).filter((t) => t !== null);
  return {
    ...options,
    target: choice.target,
    ...(choice.layout === null ? {} : { layout: choice.layout }),
    delimiter: String.fromCharCode(sample.dialect.delimiter),
    encoding: sample.dialect.format.encoding,
    headerRows: header.rows,
    ...(times.some((t) => !t.hasZone) ? { timezone: options.timezone ?? "UTC" } : {}),
    ...(times.some((t) => !t.hasYear) ? { year: found.year } : {}),
    ...(times.some((t) => t.ambiguousDayFirst) ? { dayFirst: found.dayFirst } : {}),
    roles: Object.fromEntries(planned.map((c) => [c.name, c.role])),
    types: Object.fromEntries(planned.map((c) => [c.name, c.type])),
  };
}

function planNotes(
  sample: Sample,
  header: Header,
  columns: readonly ReadColumn[],
  options: ImportOptions,
  dayFirst: boolean,
  rows: number,
  complete: boolean,
  year: number,
): ImportNote[] {
  const notes: ImportNote[] = [];
  const warn = (message: string): void => {
    notes.push({ kind: "warning", message });
  };
  if (options.timezone !== undefined && !isKnownZone(options.timezone)) {
    warn(`The time zone “${options.timezone}” is not known.`);
  }
  if (options.clockOffsetMs !== undefined && options.clockOffsetMs !== 0) {
    notes.push({ kind: "info", message: describeClockOffset(options.clockOffsetMs) });
  }
  for (const { from, to } of header.renamed) {
    warn(`The column name “${from}” occurs more than once; one is called “${to}” here.`);
  }
  if (header.rows === 0) {
    notes.push({ kind: "info", message: "The file has no header; columns are numbered." });
  }
  if (rows === 0 && complete) warn("The file has a header and no rows.");
  for (const { profile, guess } of columns) {
    const { time } = guess;
    if (profile.type !== "timestamp" || time === null) continue;
    if (!time.hasZone && options.timezone === undefined) {
      warn(`The times in “${profile.name}” carry no zone; they are read as UTC.`);
    }
    if (!time.hasYear && options.year === undefined) {
      warn(`The times in “${profile.name}” carry no year; they are read as ${year}.`);
    }
    if (time.ambiguousDayFirst && options.dayFirst === undefined) {
      const example = profile.cells.find((c) => c !== "") ?? "";
      warn(
        `Day and month could be swapped in “${profile.name}” (${example}); they are read as ${dayFirst ? "day/month/year" : "month/day/year"}.`,
      );
    }
    if (time.precision === "ns") {
      notes.push({
        kind: "info",
        message: `The times in “${profile.name}” have nanoseconds; they are kept to the microsecond.`,
      });
    }
  }
  if (sample.dialect.format.encoding === "windows-1252") {
    notes.push({ kind: "info", message: "The text is not UTF-8; it is read as Windows-1252." });
  } else if (sample.dialect.format.encoding !== "utf-8") {
    notes.push({
      kind: "info",
      message: `The text is ${sample.dialect.format.encoding.toUpperCase()}.`,
    });
  }
  return notes;
}

function refuse(head: Uint8Array, file: string): ImportError | null {
  if (head.length === 0) return emptyError(file);
  const binary = describeBinary(head);
  if (binary === null) return null;
  return {
    kind: "binary",
    file,
    message: `“${file}” is not a text: it looks like ${binary.what}.`,
    advice: binary.advice,
  };
}

function emptyError(file: string): ImportError {
  return {
    kind: "empty",
    file,
    message: `“${file}” is empty.`,
    advice: "Check the export that made it; there is nothing to import.",
  };
}

/** Confidence that a head is delimited text with more than one column. */
export function detectDelimited(head: Uint8Array, name: string): number {
  if (head.length === 0 || describeBinary(head) !== null) return 0;
  const named = /\.(?:csv|tsv|tab|psv)$/i.test(name);
  const first = String.fromCharCode(...head.subarray(0, 64)).trimStart();
  if (/^[{[]\s*["{[\]}]/.test(first) || first.startsWith("<")) return named ? 0.3 : 0;
  const sample = sniffDialect(head.subarray(0, 65536), head.length < 65536, {});
  if (sample.records.length === 0) return 0;
  if (sample.width < 2) return named ? 0.6 : 0;
  if (named) return 0.95;
  if (sample.records.length < 2) return 0.1;
  // Log lines have commas too: without a fitting name the table must be flawless.
  const width = sample.width > 2 ? 0.2 : 0;
  const listed = DELIMITERS.includes(sample.dialect.delimiter as (typeof DELIMITERS)[number]);
  if (!listed || sample.consistency < 0.98) return 0.1 * sample.consistency;
  const header = readHeader(sample.records, sample.width, sample.dialect.delimiter, undefined);
  return header.rows > 0 ? 0.6 + width : 0.3 + width;
}
