import { err, Fault, ok, type Result } from "../base/result.ts";
import type { ImportNote, ImportOptions, PlannedColumn } from "../model/evidence.ts";
import { FIXED_TABLES, PROVENANCE_COLUMNS } from "../tables/fixed-tables.ts";
import type {
  Counts,
  ImportError,
  ImportPlan,
  Importer,
  Sink,
  Slicing,
  Source,
} from "./importer.ts";
import { describeBinary, detectText, keepsOffsets, lines, type TextFormat } from "./text.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import { assume, newClock } from "./text-log/assumptions.ts";
import type { Clock } from "./text-log/clock.ts";
import { continuationRule } from "./text-log/continuation.ts";
import { newHead } from "./text-log/line-reader.ts";
import { recognise, type Recognised } from "./text-log/recognise.ts";
import { sampleLines } from "./text-log/sample.ts";
import { NO_COUNTS, RecordWriter, type LineCounts, type RecordRules } from "./text-log/records.ts";
import { textOf } from "./text-log/bytes.ts";
import { compileUserPattern } from "./text-log/user-matcher.ts";
import type { PatternError } from "./text-log/user-pattern.ts";

const SAMPLE_BYTES = 256 * 1024;
const PREVIEW_ROWS = 20;
/** Lines on which a pattern is tried. */
const PATTERN_LINES = 1000;
const NEWLINE = 10;

const COLUMNS: readonly PlannedColumn[] = [
  {
    name: "ts",
    source: 0,
    type: "timestamp",
    role: "timestamp",
    reason: "time at the beginning of the record",
  },
  {
    name: "level",
    source: 1,
    type: "varchar",
    role: "level",
    reason: "severity that the line states",
  },
  {
    name: "service",
    source: 2,
    type: "varchar",
    role: "service",
    reason: "program or service, where the layout names one",
  },
  {
    name: "host",
    source: 3,
    type: "varchar",
    role: "host",
    reason: "machine, where the layout names one",
  },
  {
    name: "message",
    source: 4,
    type: "varchar",
    role: "message",
    reason: "text of the record, continuation lines included",
  },
  {
    name: "fields",
    source: 5,
    type: "varchar",
    role: "ignore",
    reason: "everything else that the layout names, as JSON",
  },
];

/** Plain-text logs: one record per line that begins like the file's layout (`text-log/layouts.ts`). */
export const textLogImporter: Importer = {
  id: "text-log",
  name: "Text log",
  description:
    "Plain-text logs with a time in each record: syslog, web servers, log4j, Python, Kubernetes and some 80 further layouts",
  extensions: ["log", "txt", "out", "err"],

  detect(head, name) {
    if (head.length === 0 || describeBinary(head) !== null) return 0;
    const sure = recognise(sampleLines(head, detectText(head), SAMPLE_BYTES)).confidence;
    return /\.(?:csv|tsv|json|ndjson|jsonl)$/i.test(name) ? Math.min(sure, 0.3) : sure;
  },

  async plan(source, options): Promise<Result<ImportPlan, ImportError>> {
    const head = await source.head(SAMPLE_BYTES);
    if (head.length === 0) {
      return err({
        kind: "empty",
        file: source.name,
        message: `“${source.name}” is empty.`,
        advice: "Check that the export had finished, and copy the file again.",
      });
    }
    const format = detectText(head, options.encoding);
    const sample = sampleLines(head, format, SAMPLE_BYTES);
    const reading = readingOf(sample, options);
    if (!reading.ok) return err(patternRefusal(source.name, reading.error));
    const { layout } = reading.value;
    const assumed = assume(sample, layout.read, options, source.name);
    const planned: ImportOptions = { ...assumed.options, encoding: format.encoding };
    return ok({
      importer: "text-log",
      options: planned,
      target: "logs",
      table: "logs",
      columns: COLUMNS,
      batchColumns: [...FIXED_TABLES.logs, ...PROVENANCE_COLUMNS],
      preview: preview(sample, reading.value, planned),
      notes: [...layoutNotes(layout, sample, options), ...assumed.notes],
      lines: sample.slice(0, PATTERN_LINES).map((line) => textOf(line, 0, line.length)),
    });
  },

  async read(source, plan, sink): Promise<void> {
    const clock = newClock(plan.options);
    const counts = await readPart(source, plan, sink, clock);
    reportCounts(counts, sink);
    reportClock(clock, plan.options, sink);
  },

  slicing(head, plan) {
    const { format, reading, sample } = readingFor(head, plan, "");
    if (!keepsOffsets(format) || format.newline !== 10) return null;
    if (reading.layout.skips !== undefined) return null;
    if (!standAlone(sample, reading, plan.options)) return null;
    return {
      wholeRecords: wholeRecords(reading, plan.options),
      read: (source, itsPlan, sink) => readPart(source, itsPlan, sink, newClock(itsPlan.options)),
      report: (counts, _plan, sink) => {
        reportCounts(counts, sink);
      },
    };
  },
};

interface PlannedReading {
  readonly format: TextFormat;
  readonly sample: readonly Uint8Array[];
  readonly reading: LineReading;
}

/** What was found out for a plan; a pool asks for it with each slice. */
const READINGS = new WeakMap<ImportPlan, PlannedReading>();

function readingFor(head: Uint8Array, plan: ImportPlan, file: string): PlannedReading {
  const known = READINGS.get(plan);
  if (known !== undefined) return known;
  const format = detectText(head, plan.options.encoding);
  const sample = sampleLines(head, format, SAMPLE_BYTES);
  const reading = readingOf(sample, plan.options);
  if (!reading.ok) throw new Fault<ImportError>(patternRefusal(file, reading.error));
  const found = { format, sample, reading: reading.value };
  READINGS.set(plan, found);
  return found;
}

/**
 * Whether records say all of themselves: times with year and date, and no
 * streams of containers whose lines are joined across others.
 */
function standAlone(
  sample: readonly Uint8Array[],
  { layout }: LineReading,
  options: ImportOptions,
): boolean {
  const clock = newClock(options);
  const head = newHead();
  let records = 0;
  for (const line of sample) {
    if (!layout.read(line, 0, line.length, clock, head)) continue;
    if (head.stream >= 0 || head.partial) return false;
    if (!Number.isNaN(head.micros)) records++;
  }
  return records > 0 && clock.yearless === 0 && clock.dateless === 0;
}

/** Looks back for the last line that begins a record. */
function wholeRecords(
  { layout, rule }: LineReading,
  options: ImportOptions,
): Slicing["wholeRecords"] {
  const clock = newClock(options);
  const head = newHead();
  return (bytes, end) => {
    let stop = bytes.lastIndexOf(NEWLINE, end - 1);
    while (stop > 0) {
      const start = bytes.lastIndexOf(NEWLINE, stop - 1) + 1;
      const begins =
        start < stop &&
        (rule.begins?.(bytes, start, stop) ?? true) &&
        layout.read(bytes, start, stop, clock, head) &&
        !Number.isNaN(head.micros);
      if (begins) return start;
      stop = start - 1;
    }
    return 0;
  };
}

/** Reads a file, or a part of one. */
async function readPart(
  source: Source,
  plan: ImportPlan,
  sink: Sink,
  clock: Clock,
): Promise<LineCounts> {
  const { format, reading } = readingFor(await source.head(SAMPLE_BYTES), plan, source.name);
  const writer = new RecordWriter(
    plan.batchColumns,
    {
      ...reading.rule,
      read: reading.layout.read,
      skips: reading.layout.skips ?? null,
      clock,
      offset: (plan.options.clockOffsetMs ?? 0) * 1000,
      service: plan.options.service,
      splitBy: plan.options.splitBy,
    },
    sink,
  );
  const options = {
    onReject: (r: { line: number; offset: number; reason: string; text: string }) => {
      sink.reject(r.line, r.offset, r.reason, r.text);
    },
  };
  for await (const block of lines(source, format, options)) {
    checkCancelled(sink.signal, source.name);
    await writer.block(block);
  }
  await writer.finish();
  return writer.counts;
}

/** How the lines are read and joined, by recognition or as the person said. */
interface LineReading {
  readonly layout: Recognised;
  readonly rule: Pick<RecordRules, "joins" | "begins">;
}

/** What is wrong with a pattern of the options, and with which. */
interface RefusedPattern {
  readonly option: "pattern" | "continuation";
  readonly error: PatternError;
}

function readingOf(
  sample: readonly Uint8Array[],
  options: ImportOptions,
): Result<LineReading, RefusedPattern> {
  let layout = recognise(options.pattern === undefined ? sample : []);
  if (options.pattern !== undefined) {
    const pattern = compileUserPattern(options.pattern);
    if (!pattern.ok) return err({ option: "pattern", error: pattern.error });
    const { read } = pattern.value;
    layout = { ...layout, id: "pattern", name: "the pattern that was set", read, joins: true };
  }
  const rule = continuationRule(options.continuation, layout.joins);
  if (!rule.ok) return err({ option: "continuation", error: rule.error });
  return ok({ layout, rule: rule.value });
}

function patternRefusal(file: string, refused: RefusedPattern): ImportError {
  const name = refused.option === "pattern" ? "pattern" : "pattern of first lines";
  return {
    kind: "unsupported",
    file,
    message: `The ${name} for “${file}” has a mistake at character ${refused.error.column}: ${refused.error.message}`,
    advice: `Correct the ${name} in the import options, or leave it empty.`,
  };
}

function layoutNotes(
  layout: Recognised,
  sample: readonly Uint8Array[],
  options: ImportOptions,
): ImportNote[] {
  const notes: ImportNote[] = [{ kind: "info", message: `Layout of the lines: ${layout.name}.` }];
  if (layout.id === "pattern") {
    const clock = newClock(options);
    const head = newHead();
    const filled = sample.filter((line) => line.length > 0);
    const fit = filled.filter((line) => layout.read(line, 0, line.length, clock, head)).length;
    notes.push({
      kind: fit === 0 ? "warning" : "info",
      message: `${fit} of the first ${filled.length} lines fit the pattern.`,
    });
  }
  if (options.continuation !== undefined) {
    const rule =
      CONTINUATIONS[options.continuation] ?? "all that do not fit the pattern that was set";
    notes.push({ kind: "info", message: `Lines that continue a record: ${rule}.` });
  }
  if (layout.runnerUp !== null) {
    notes.push({
      kind: "info",
      message: `Nearly as many lines fit another layout: ${layout.runnerUp}.`,
    });
  }
  if (layout.id === "text") {
    notes.push({
      kind: "warning",
      message: "No times were recognised in most lines: they cannot be placed in a window.",
    });
  }
  return notes;
}

const CONTINUATIONS: Readonly<Record<string, string>> = {
  indented: "indented ones",
  "no-timestamp": "those without a time",
  none: "none, each line is a record",
};

function preview(
  sample: readonly Uint8Array[],
  { layout, rule }: LineReading,
  options: ImportOptions,
): ImportPlan["preview"] {
  const clock = newClock(options);
  const offset = (options.clockOffsetMs ?? 0) * 1000;
  const head = newHead();
  const rows: string[][] = [];
  for (const line of sample) {
    if (layout.skips?.(line, 0, line.length) === true) continue;
    const begins = rule.begins?.(line, 0, line.length) ?? true;
    if (begins && layout.read(line, 0, line.length, clock, head)) {
      if (rows.length === PREVIEW_ROWS) break;
      const range = (start: number, end: number): string =>
        start < 0 ? "" : textOf(line, start, end);
      rows.push([
        Number.isNaN(head.micros) ? "" : new Date((head.micros + offset) / 1000).toISOString(),
        head.level ?? "",
        range(head.serviceStart, head.serviceEnd),
        range(head.hostStart, head.hostEnd),
        range(head.messageStart, head.messageEnd),
        textOf(head.fields.bytes, 0, head.fields.length),
      ]);
    } else {
      const last = rows.at(-1);
      if (last !== undefined && rule.joins(line, 0, line.length))
        last[4] = `${last[4] ?? ""}\n${textOf(line, 0, line.length)}`;
      else rows.push(["", "", "", "", textOf(line, 0, line.length), ""]);
    }
  }
  return { header: COLUMNS.map((c) => c.name), rows: rows.slice(0, PREVIEW_ROWS) };
}

function reportCounts(found: Counts, sink: Sink): void {
  const counts = { ...NO_COUNTS, ...found };
  const say = (kind: ImportNote["kind"], count: number, one: string, many: string): void => {
    if (count > 0) sink.note(kind, count === 1 ? `1 ${one}.` : `${count} ${many}.`);
  };
  say(
    "info",
    counts.joined - counts.parts,
    "line continues the record before it and was joined to it",
    "lines continue the record before them and were joined to it",
  );
  say(
    "info",
    counts.parts,
    "part of a line that the container runtime had cut was joined to its beginning",
    "parts of lines that the container runtime had cut were joined to their beginnings",
  );
  say(
    "warning",
    counts.unfinished,
    "line that the container runtime had cut has no end in this file",
    "lines that the container runtime had cut have no end in this file",
  );
  say(
    "warning",
    counts.unsplit,
    "record does not have the field that tells the services apart",
    "records do not have the field that tells the services apart",
  );
  say("info", counts.blank, "blank line", "blank lines");
  say(
    "info",
    counts.directives,
    "line describes the log (its fields, its date) and is no record",
    "lines describe the log (its fields, its date) and are no records",
  );
  say(
    "warning",
    counts.leading,
    "line stands before the first time and has none",
    "lines stand before the first time and have none",
  );
  say(
    "warning",
    counts.undated - counts.leading,
    "record has no time and cannot be placed in a window",
    "records have no time and cannot be placed in a window",
  );
  say(
    "info",
    counts.coloured,
    "line had colour codes of a terminal, which were dropped",
    "lines had colour codes of a terminal, which were dropped",
  );
  say(
    "warning",
    counts.split,
    "record was split because it is longer than 1 MiB",
    "splits were made in records longer than 1 MiB",
  );
  say(
    "warning",
    counts.repaired,
    "line is not UTF-8 and was read as Windows-1252",
    "lines are not UTF-8 and were read as Windows-1252",
  );
}

function reportClock(clock: Clock, options: ImportOptions, sink: Sink): void {
  if (clock.turns === 0) return;
  const first = options.year ?? clock.year - clock.turns;
  sink.note(
    "info",
    `The year turns ${clock.turns === 1 ? "once" : `${clock.turns} times`} in this file: the records run from ${first} to ${clock.year}.`,
  );
  const now = new Date().getUTCFullYear();
  if (clock.year > now) {
    sink.note(
      "warning",
      `The last records would be in ${clock.year}, in the future: set the year of the first record to ${now - clock.turns} or earlier.`,
    );
  }
}
