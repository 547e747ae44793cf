import { err, ok, type Result } from "../base/result.ts";
import type { ImportNote, ImportOptions, PlannedColumn } from "../model/evidence.ts";
import { FIXED_TABLES, PROVENANCE_COLUMNS } from "../tables/fixed-tables.ts";
import type { ImportError, ImportPlan, Importer, Sink } from "./importer.ts";
import { describeBinary, detectText, lines, type TextFormat } from "./text.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import { createClock, type Clock } from "./text-log/clock.ts";
import { newHead } from "./text-log/line-reader.ts";
import { recognise, type Recognised } from "./text-log/recognise.ts";
import { sampleLines } from "./text-log/sample.ts";
import { RecordWriter, type LineCounts } from "./text-log/records.ts";
import { textOf } from "./text-log/bytes.ts";
import { compileTime } from "./times.ts";

const SAMPLE_BYTES = 256 * 1024;
const PREVIEW_ROWS = 20;

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
    const layout = recognise(sample);
    const planned = planOptions(sample, layout, options, format);
    return ok({
      importer: "text-log",
      options: planned.options,
      target: "logs",
      table: "logs",
      columns: COLUMNS,
      batchColumns: [...FIXED_TABLES.logs, ...PROVENANCE_COLUMNS],
      preview: preview(sample, layout, newClock(planned.options)),
      notes: [...layoutNotes(layout), ...planned.notes],
    });
  },

  async read(source, plan, sink): Promise<void> {
    const head = await source.head(SAMPLE_BYTES);
    const format = detectText(head, plan.options.encoding);
    const layout = recognise(sampleLines(head, format, SAMPLE_BYTES));
    const clock = newClock(plan.options);
    const writer = new RecordWriter(
      plan.batchColumns,
      layout.read,
      layout.joins,
      clock,
      sink,
      plan.options.service,
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
    reportCounts(writer.counts, sink);
    reportClock(clock, plan.options, sink);
  },
};

function layoutNotes(layout: Recognised): ImportNote[] {
  const notes: ImportNote[] = [{ kind: "info", message: `Layout of the lines: ${layout.name}.` }];
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

/** Fills in the year and the zone that the times lack, and says what was assumed. */
function planOptions(
  sample: readonly Uint8Array[],
  layout: Recognised,
  options: ImportOptions,
  format: TextFormat,
): { options: ImportOptions; notes: ImportNote[] } {
  const notes: ImportNote[] = [];
  const clock = newClock({ ...options, year: options.year ?? 2000 });
  const head = newHead();
  let times = 0;
  let last = NaN;
  for (const line of sample) {
    if (!layout.read(line, 0, line.length, clock, head) || Number.isNaN(head.micros)) continue;
    times++;
    last = head.micros;
  }
  const filled: ImportOptions = { ...options, encoding: format.encoding };
  if (clock.yearless > 0 && options.year === undefined) {
    filled.year = assumedYear(last, clock.turns);
    notes.push({
      kind: "warning",
      message: `The times carry no year: ${filled.year} was assumed for the first record, so that the last of the lines looked at is not in the future. Set the year if it is another.`,
    });
  }
  if (times > 0 && clock.zoned < times && options.timezone === undefined) {
    notes.push({
      kind: "warning",
      message:
        "The times carry no zone: they were read as UTC. Set the time zone if it is another.",
    });
  }
  return { options: filled, notes };
}

/** Year of the first record, such that the last one (read with 2000 as first year) is not later than now. */
function assumedYear(last: number, turns: number): number {
  const now = new Date();
  const date = new Date(last / 1000);
  const passed =
    Date.UTC(now.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) <= now.getTime();
  return now.getUTCFullYear() - turns - (passed ? 0 : 1);
}

function newClock(options: ImportOptions): Clock {
  const clock = createClock(
    options.year ?? new Date().getUTCFullYear(),
    zoneShift(options.timezone),
  );
  clock.dayFirst = options.dayFirst === true;
  return clock;
}

const SLOT = 15 * 60_000_000;

/** Local µs to UTC µs in a zone, by the time parser's own rules, looked up once per quarter of an hour. */
function zoneShift(zone: string | undefined): (local: number) => number {
  if (zone === undefined || /^(?:utc|gmt|z)$/i.test(zone)) return (local) => local;
  const parse = compileTime("iso", { zone });
  const encoder = new TextEncoder();
  const offsets = new Map<number, number>();
  return (local) => {
    const slot = Math.floor(local / SLOT);
    let offset = offsets.get(slot);
    if (offset === undefined) {
      const text = encoder.encode(new Date((slot * SLOT) / 1000).toISOString().slice(0, 19));
      offset = slot * SLOT - parse(text, 0, text.length);
      offsets.set(slot, offset);
    }
    return local - offset;
  };
}

function preview(
  sample: readonly Uint8Array[],
  layout: Recognised,
  clock: Clock,
): ImportPlan["preview"] {
  const head = newHead();
  const rows: string[][] = [];
  for (const line of sample) {
    if (layout.read(line, 0, line.length, clock, head)) {
      if (rows.length === PREVIEW_ROWS) break;
      const range = (start: number, end: number): string =>
        start < 0 ? "" : textOf(line, start, end);
      rows.push([
        Number.isNaN(head.micros) ? "" : new Date(head.micros / 1000).toISOString(),
        head.level ?? "",
        range(head.serviceStart, head.serviceEnd),
        range(head.hostStart, head.hostEnd),
        range(head.messageStart, head.messageEnd),
        textOf(head.fields.bytes, 0, head.fields.length),
      ]);
    } else {
      const last = rows.at(-1);
      if (last !== undefined && layout.joins)
        last[4] = `${last[4] ?? ""}\n${textOf(line, 0, line.length)}`;
      else rows.push(["", "", "", "", textOf(line, 0, line.length), ""]);
    }
  }
  return { header: COLUMNS.map((c) => c.name), rows: rows.slice(0, PREVIEW_ROWS) };
}

function reportCounts(counts: LineCounts, sink: Sink): void {
  const say = (kind: ImportNote["kind"], count: number, one: string, many: string): void => {
    if (count > 0) sink.note(kind, count === 1 ? `1 ${one}.` : `${count} ${many}.`);
  };
  say(
    "info",
    counts.joined,
    "line continues the record before it and was joined to it",
    "lines continue the record before them and were joined to it",
  );
  say("info", counts.blank, "blank line", "blank lines");
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
