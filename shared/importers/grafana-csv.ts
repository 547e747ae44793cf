import { err, ok, type Result } from "../base/result.ts";
import type { ImportNote } from "../model/evidence.ts";
import type { Sample } from "./delimited/sniff.ts";
import { sniffDialect } from "./delimited/sniff.ts";
import { sampleRecords, textRecords, type TextRecord } from "./delimited/text-records.ts";
import { fixedBatchColumns, fixedPlanColumns, FixedTablesWriter } from "./fixed-tables-writer.ts";
import { isEmptyCell, joinThousands, readCell, type CellValue } from "./grafana/cell.ts";
import {
  isHeader,
  readLayout,
  readSeriesName,
  recogniseCsv,
  type CsvLayout,
  type GrafanaCsv,
} from "./grafana/csv-layout.ts";
import { LocalSequence } from "./grafana/repeated-hour.ts";
import type { ImportError, Importer, ImportPlan, Sink } from "./importer.ts";
import { seriesKey, serviceOfLabels } from "./series-key.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import { describeBinary } from "./text.ts";
import { compileTime, type TimeParser } from "./times.ts";

/**
 * CSV of a Grafana panel (Inspect, Data): a time and one column a series,
 * `Series;Time;Value`, joined columns, or several such tables one below the
 * other. Cells may be formatted (`5.01 s`, `1.5 K`): values come out in the
 * base unit, which stands in `unit`. A record becomes one row for each filled
 * value cell, and one without value for each series where none is filled.
 * https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/utils/csv.ts
 */
export const grafanaCsvImporter: Importer = {
  id: "grafana-csv",
  name: "Grafana panel CSV",
  description: "CSV of a Grafana panel, with units in its cells and series in its header",
  extensions: ["csv"],

  detect(head) {
    if (head.length === 0 || describeBinary(head) !== null) return 0;
    const part = head.subarray(0, 65536);
    // Header, or `sep=;` and header; a cell of it may hold line breaks.
    const start = new TextDecoder().decode(part.subarray(0, 32768)).split("\n", 4).join("\n");
    if (!/(?:^|[",;\t|\uFEFF])time\s*(?:$|[",;\t|])/im.test(start)) return 0;
    const sample = sniffDialect(part, head.length < 65536, {});
    return recogniseCsv(sample) === null ? 0 : 0.97;
  },

  async plan(source, options): Promise<Result<ImportPlan, ImportError>> {
    const sample = await sampleRecords(source, options);
    const csv = recogniseCsv(sample);
    if (csv === null) {
      return err({
        kind: "unsupported",
        file: source.name,
        message: `“${source.name}” does not look like the CSV of a Grafana panel: a column Time with values beside it is missing.`,
        advice: "Choose the importer for delimited text, or download the panel's data again.",
      });
    }
    const [first, ...rows] = sample.records;
    return ok({
      importer: "grafana-csv",
      options: { ...options, target: "metrics", layout: csv.layout.series >= 0 ? "long" : "wide" },
      target: "metrics",
      table: "metrics",
      columns: fixedPlanColumns("metrics", {
        ts: csv.layout.header[csv.layout.time] ?? "Time",
        series: "header of the column, and the labels in it",
        name: "header of the column",
        value: "the cells, in their base unit",
        unit: "the units in the cells",
      }),
      batchColumns: fixedBatchColumns("metrics"),
      preview: { header: first?.fields ?? [], rows: rows.slice(0, 50).map((r) => r.fields) },
      notes: planNotes(csv, options.timezone),
    });
  },

  async read(source, plan, sink): Promise<void> {
    const sample = await sampleRecords(source, plan.options);
    const csv = recogniseCsv(sample);
    if (csv === null) return;
    const writer = new FixedTablesWriter(sink, "metrics");
    const rows = new PanelRows(csv, sample, plan.options.timezone, plan.options.dayFirst, writer);
    for await (const record of textRecords(source, sample)) {
      checkCancelled(sink.signal, source.name);
      rows.read(record);
      if (writer.full) await writer.deliver();
    }
    await writer.finish();
    rows.report();
  },
};

function planNotes(csv: GrafanaCsv, zone: string | undefined): ImportNote[] {
  const notes: ImportNote[] = [];
  if (!csv.time.hasZone) {
    notes.push(
      zone === undefined
        ? {
            kind: "warning",
            message:
              "The times do not say their zone: they were taken as UTC. Grafana writes the zone of the browser or dashboard; set it in the options.",
          }
        : { kind: "info", message: `The times do not say their zone: they were taken as ${zone}.` },
    );
  }
  if (csv.formatted) {
    notes.push({
      kind: "info",
      message:
        "The cells are formatted: values are rounded to the digits shown, and were converted to the base unit that stands in unit. Without “Formatted data”, Grafana writes exact values.",
    });
  }
  return notes;
}

/** Turns the records of one file into rows. */
class PanelRows {
  readonly #zoned: TimeParser;
  readonly #local: TimeParser;
  /** By series where a column names it, else one for the table. */
  readonly #sequences = new Map<string, LocalSequence>();
  readonly #keys = new Map<string, { readonly key: string; readonly service: string | null }>();
  readonly #sink: Sink;
  #layout: CsvLayout;
  /** A header was read whose first row decides what its columns are. */
  #header: readonly string[] | null = null;
  #records = 0;
  #tables = 0;
  #joined = 0;
  #repeated = 0;
  #backwards = 0;

  constructor(
    readonly csv: GrafanaCsv,
    readonly sample: Sample,
    zone: string | undefined,
    dayFirst: boolean | undefined,
    readonly writer: FixedTablesWriter,
  ) {
    const { layout } = csv.time;
    const order = dayFirst ?? csv.time.dayFirst;
    this.#zoned = compileTime(layout, { zone: zone ?? "UTC", dayFirst: order });
    this.#local = compileTime(layout, { dayFirst: order });
    this.#toUtc = localConverter(zone ?? "UTC");
    this.#layout = csv.layout;
    this.#sink = writer.sink;
  }

  readonly #toUtc: (local: number) => number;

  read(record: TextRecord): void {
    if (record.bad !== null) {
      this.#reject(record, record.bad);
      return;
    }
    if (this.#tables === 0 || isHeader(record.fields, this.#layout)) {
      this.#beginTable(record.fields);
      return;
    }
    const fields = this.#fit(record);
    if (fields === null) return;
    if (this.#header !== null) {
      this.#layout = readLayout(this.#header, [fields]) ?? this.#layout;
      this.#header = null;
    }
    const failure = this.#write(fields, record);
    if (failure === null) this.#sink.accepted(1);
    else this.#reject(record, failure);
  }

  report(): void {
    this.#countSequences();
    if (this.#tables > 1)
      this.#sink.note("info", `The file holds ${this.#tables} tables one below the other.`);
    if (this.#joined > 0)
      this.#sink.note(
        "warning",
        `${this.#joined} records have thousands separators without quotes; the parts were put together where only one way fits.`,
      );
    if (this.#repeated > 0)
      this.#sink.note(
        "info",
        `An hour occurs twice because the clocks were set back; ${this.#repeated} times were taken as its second occurrence by their order.`,
      );
    // A file that runs backwards all the time is just sorted the other way.
    if (this.#backwards > 0 && this.#backwards <= Math.max(3, this.#records / 100))
      this.#sink.note(
        "warning",
        "The times run back by up to an hour, as where clocks are set back. Set the zone in the options, so that the hour that occurs twice is told apart.",
      );
  }

  #beginTable(header: readonly string[]): void {
    this.#tables++;
    this.#countSequences();
    if (this.#tables > 1) this.#header = header;
  }

  /** The fields of a record as wide as the header, or null after a reject. */
  #fit(record: TextRecord): readonly string[] | null {
    const width = (this.#header ?? this.#layout.header).length;
    if (record.fields.length === width) return record.fields;
    const joined = record.fields.length > width ? joinThousands(record.fields, width) : null;
    if (joined !== null) {
      this.#joined++;
      return joined;
    }
    const why =
      record.fields.length > width
        ? "; thousands separators without quotes cannot be told from the ones between the columns"
        : "";
    this.#reject(record, `has ${record.fields.length} fields, the header has ${width}${why}`);
    return null;
  }

  #write(fields: readonly string[], record: TextRecord): string | null {
    const { layout } = this;
    const time = fields[layout.time] ?? "";
    const series = layout.series >= 0 ? (fields[layout.series] ?? "") : "";
    const cells: (CellValue | null)[] = [];
    for (const { column } of layout.values) {
      const cell = fields[column] ?? "";
      const value = isEmptyCell(cell) ? null : readCell(cell);
      if (value === null && !isEmptyCell(cell))
        return `column ${layout.header[column] ?? ""}: ‘${cell.slice(0, 60)}’ is no number`;
      cells.push(value);
    }
    const ts = this.#time(time, series);
    if (ts === null)
      return `column ${layout.header[layout.time] ?? ""}: ‘${time.slice(0, 60)}’ is no time`;
    this.#records++;
    const labels = layout.labels.map((c): [string, string] => [
      layout.header[c] ?? "",
      (fields[c] ?? "").trim(),
    ]);
    const filled = cells.some((c) => c !== null);
    layout.values.forEach((value, i) => {
      const cell = cells[i] ?? null;
      if (cell === null && filled) return;
      const named = series === "" ? value : readSeriesName(series);
      const row = this.#key(named.name, [...named.labels, ...labels]);
      this.writer.metric(
        {
          ts,
          series: row.key,
          name: named.name,
          service: row.service,
          value: cell?.value ?? null,
          unit: cell !== null && Number.isFinite(cell.value) ? cell.unit : value.unit,
        },
        record,
      );
    });
    return null;
  }

  get layout(): CsvLayout {
    return this.#layout;
  }

  #key(
    name: string,
    labels: readonly (readonly [string, string])[],
  ): { readonly key: string; readonly service: string | null } {
    const id = JSON.stringify([name, labels]);
    let known = this.#keys.get(id);
    if (known === undefined) {
      known = {
        key: seriesKey(name, labels),
        service: serviceOfLabels(Object.fromEntries(labels)),
      };
      if (this.#keys.size > 50_000) this.#keys.clear();
      this.#keys.set(id, known);
    }
    return known;
  }

  #time(text: string, series: string): number | null {
    const bytes = encoder.encode(text);
    const first = this.#zoned(bytes, 0, bytes.length);
    if (Number.isNaN(first)) return null;
    if (this.csv.time.hasZone) return first;
    let sequence = this.#sequences.get(series);
    if (sequence === undefined) {
      sequence = new LocalSequence(this.#toUtc);
      this.#sequences.set(series, sequence);
    }
    return sequence.next(this.#local(bytes, 0, bytes.length), first);
  }

  #countSequences(): void {
    for (const sequence of this.#sequences.values()) {
      this.#repeated += sequence.repeated;
      this.#backwards += sequence.backwards;
    }
    this.#sequences.clear();
  }

  #reject(record: TextRecord, reason: string): void {
    this.#sink.reject(record.line, record.offset, reason, record.text());
  }
}

const encoder = new TextEncoder();

/** From local µs to UTC in a zone. */
function localConverter(zone: string): (local: number) => number {
  const parse = compileTime("iso", { zone });
  return (local) => {
    const millis = Math.floor(local / 1000);
    if (!(Math.abs(millis) < 8e15)) return NaN;
    const bytes = encoder.encode(new Date(millis).toISOString().slice(0, -1));
    return parse(bytes, 0, bytes.length) + (local - millis * 1000);
  };
}
