import { err, ok, type Result } from "../base/result.ts";
import type { ImportNote, ImportOptions, PlannedColumn } from "../model/evidence.ts";
import type { Role } from "../model/role.ts";
import { BatchBuilder } from "../tables/batch.ts";
import { FIXED_TABLES, PROVENANCE_COLUMNS, type TableColumn } from "../tables/fixed-tables.ts";
import type { Counts, ImportError, ImportPlan, Importer, Sink, Source } from "./importer.ts";
import { assignRoles, tableNameOf } from "./roles.ts";
import { wholeLines } from "./slices.ts";
import { describeBinary, detectText, keepsOffsets, keptText, type TextFormat } from "./text.ts";
import { textOf } from "./text-log/bytes.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import { sampleLines } from "./text-log/sample.ts";
import { assignParts, FixedRows, type FixedTarget, type RowWriter } from "./jsonl/fixed-rows.ts";
import { blocksOf, createFrames, framingOf, type Framing } from "./jsonl/framing.ts";
import type { Part } from "./jsonl/keys.ts";
import { OwnRows, ownColumns, REST_COLUMN, type OwnColumn } from "./jsonl/own-rows.ts";
import { kindOf, mostlyTimeOf, profileSample, targetOf, type Profile } from "./jsonl/profile.ts";
import { Key, ObjectScanner } from "./jsonl/scan.ts";
import { TimeReader } from "./jsonl/values.ts";
import { describeClockOffset, type TimeSettings } from "./times.ts";

const SAMPLE_BYTES = 1024 * 1024;
const PREVIEW_ROWS = 20;

/** JSON lines, arrays of objects, and objects one after the other (https://jsonlines.org, RFC 8259). */
export const jsonlImporter: Importer = {
  id: "jsonl",
  name: "JSON lines",
  description:
    "One JSON object per line, an array of objects, or objects one after the other: logs, metric samples, events, or a table of its own",
  extensions: ["jsonl", "ndjson", "json", "log"],

  detect(head, name) {
    if (head.length === 0 || describeBinary(head) !== null) return 0;
    const sample = sampleLines(head, detectText(head), SAMPLE_BYTES);
    const filled = sample.filter((line) => line.some((byte) => byte > 0x20)).slice(0, 200);
    const first = filled[0]?.find((byte) => byte > 0x20);
    if (first !== 0x7b && first !== 0x5b && first !== 0x1e) return 0;
    const objects = filled.filter(isObject).length;
    const named = /\.(?:jsonl|ndjson)$/i.test(name);
    if (framingOf(sample, isObject) === "lines") {
      if (objects < filled.length * 0.5) return 0.2;
      return filled.length > 1 || named ? 0.9 : 0.5;
    }
    const documents = documentsOf(head, sample, "stream");
    const whole = documents.filter(isObject).length;
    // Text with objects in it begins with a bracket too: `[2026-03-01 10:00:00] … {"a":1}`.
    if (whole === 0 || whole < documents.length * 0.8) return 0;
    return first === 0x5b ? 0.7 : whole > 1 ? 0.6 : 0.3;
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
    const analysis = analyse(head, options);
    if (analysis.profile.objects === 0) {
      return err({
        kind: "unsupported",
        file: source.name,
        message: `No JSON object was found at the beginning of “${source.name}”.`,
        advice: "Choose another importer, or export the data as JSON lines.",
      });
    }
    const { target } = analysis;
    return ok({
      importer: "jsonl",
      options: { ...options, target, encoding: analysis.format.encoding },
      target,
      table: target === "own" ? (options.table ?? tableNameOf(source.name)) : target,
      columns: planColumns(analysis, options),
      batchColumns: batchColumns(analysis),
      preview: preview(analysis),
      notes: planNotes(analysis, options),
    });
  },

  async read(source, plan, sink): Promise<void> {
    reportCounts(await readPart(source, plan, sink), plan, sink);
  },

  slicing(head, plan) {
    const analysis = analysisOf(head, plan);
    // An object that goes on over lines, or another encoding, is found only from the beginning.
    if (analysis.framing !== "lines" || !keepsOffsets(analysis.format)) return null;
    if (analysis.format.newline !== 10) return null;
    return { wholeRecords: wholeLines, read: readPart, report: reportCounts };
  },
};

/** What was found out for a plan; a pool asks for it with each slice. */
const ANALYSES = new WeakMap<ImportPlan, Analysis>();

function analysisOf(head: Uint8Array, plan: ImportPlan): Analysis {
  let analysis = ANALYSES.get(plan);
  if (analysis === undefined) {
    analysis = analyse(head.subarray(0, SAMPLE_BYTES), plan.options);
    ANALYSES.set(plan, analysis);
  }
  return analysis;
}

/** Reads a file, or a part of one. */
async function readPart(source: Source, plan: ImportPlan, sink: Sink): Promise<Counts> {
  const analysis = analysisOf(await source.head(SAMPLE_BYTES), plan);
  const builder = new BatchBuilder(plan.batchColumns);
  const writer = rowWriter(analysis, builder, plan.options);
  const documents = new DocumentWriter(
    builder,
    writer,
    plan.batchColumns.length - PROVENANCE_COLUMNS.length,
    sink,
  );
  const frames = createFrames(analysis.framing);
  const onDocument = documents.read.bind(documents);
  const onReject = (r: { line: number; offset: number; reason: string; text: string }): void => {
    sink.reject(r.line, r.offset, r.reason, r.text);
  };
  let repaired = 0;
  for await (const block of blocksOf(source, analysis.format, onReject)) {
    checkCancelled(sink.signal, source.name);
    repaired += block.repaired;
    frames.push(block, onDocument);
    await documents.deliver();
  }
  frames.finish(onDocument);
  await documents.finish();
  return { badTimes: writer.badTimes, repaired };
}

function reportCounts({ badTimes = 0, repaired = 0 }: Counts, _plan: ImportPlan, sink: Sink): void {
  const many = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;
  if (badTimes > 0) {
    sink.note(
      "warning",
      `The time of ${many(badTimes, "record")} could not be read; it was kept among the fields.`,
    );
  }
  if (repaired > 0)
    sink.note(
      "warning",
      `${many(repaired, "line")} with bytes that are not UTF-8 read as Windows-1252.`,
    );
}

interface Analysis {
  readonly format: TextFormat;
  readonly framing: Framing;
  readonly documents: readonly Uint8Array[];
  readonly profile: Profile;
  readonly target: FixedTarget | "own";
  readonly assigned: ReadonlyMap<string, Part>;
  readonly columns: readonly OwnColumn[];
}

function analyse(head: Uint8Array, options: ImportOptions): Analysis {
  const format = detectText(head, options.encoding);
  const sample = sampleLines(head, format, SAMPLE_BYTES);
  const framing = framingOf(sample, isObject);
  const documents = documentsOf(head, sample, framing);
  const profile = profileSample(documents);
  const wanted = options.target === "spans" ? "own" : options.target;
  const target = wanted ?? targetOf(profile);
  const settings = timeSettings(options);
  return {
    format,
    framing,
    documents,
    profile,
    target,
    assigned: target === "own" ? new Map<string, Part>() : assignParts(profile, target),
    columns: target === "own" ? ownColumns(profile, options.types ?? {}, settings) : [],
  };
}

function timeSettings(options: ImportOptions): TimeSettings & { zone: string } {
  return {
    zone: options.timezone ?? "UTC",
    clockOffsetMicros: (options.clockOffsetMs ?? 0) * 1000,
    ...(options.dayFirst === undefined ? {} : { dayFirst: options.dayFirst }),
    ...(options.year === undefined ? {} : { year: options.year }),
  };
}

function isObject(line: Uint8Array): boolean {
  const root = new Key("", "");
  const scanner = new ObjectScanner(
    root,
    () => undefined,
    () => undefined,
  );
  return scanner.read(line, 0, line.length);
}

/** The whole documents of the sample. */
function documentsOf(
  head: Uint8Array,
  sample: readonly Uint8Array[],
  framing: Framing,
): Uint8Array[] {
  const found: Uint8Array[] = [];
  const frames = createFrames(framing);
  // A file without line breaks is one long line, of which the sample has the beginning.
  const lines = sample.length > 0 ? sample : [head];
  const ends = lines.map((line) => line.length);
  lines.forEach((bytes, i) => {
    const block = {
      bytes,
      count: 1,
      starts: Int32Array.of(0),
      ends: Int32Array.of(ends[i] ?? 0),
      offsets: Float64Array.of(0),
      firstLine: i + 1,
      repaired: 0,
    };
    frames.push(block, (document, start, end) => found.push(document.slice(start, end)));
  });
  return found;
}

function rowWriter(analysis: Analysis, builder: BatchBuilder, options: ImportOptions): RowWriter {
  if (analysis.target === "own") return new OwnRows(builder, analysis.columns);
  const time = [...analysis.assigned].find(([, part]) => part === "time")?.[0];
  const profile = time === undefined ? undefined : analysis.profile.keys.get(time);
  const layout = profile === undefined ? null : (mostlyTimeOf(profile)?.layout ?? null);
  const times = new TimeReader(layout, timeSettings(options));
  return new FixedRows(analysis.target, builder, analysis.assigned, times, {
    service: options.service,
    kind: analysis.target === "events" ? kindOf(analysis.profile) : null,
  });
}

/** Turns documents into rows, and documents that are none into rejects. */
class DocumentWriter {
  readonly #scanner: ObjectScanner;
  #ready: { ipc: Uint8Array; rows: number }[] = [];
  #accepted = 0;

  constructor(
    readonly builder: BatchBuilder,
    readonly writer: RowWriter,
    /** Column of the evidence's number; line and offset follow. */
    readonly provenance: number,
    readonly sink: Sink,
  ) {
    this.#scanner = new ObjectScanner(
      new Key("", ""),
      (key) => {
        writer.place(key);
      },
      (key, kind, start, end) => {
        writer.value(key, kind, start, end);
      },
    );
  }

  read(bytes: Uint8Array, start: number, end: number, line: number, offset: number): void {
    const scanner = this.#scanner;
    let at = start;
    for (;;) {
      if (!scanner.read(bytes, at, end)) {
        this.writer.drop();
        this.#reject(bytes, start, end, line, offset);
        return;
      }
      this.#row(bytes, line, offset < 0 ? -1 : offset + at - start);
      at = nextObject(bytes, scanner.at, end);
      if (at === end) return;
    }
  }

  #row(bytes: Uint8Array, line: number, offset: number): void {
    const { builder } = this;
    this.writer.write(bytes, this.#scanner.bare);
    builder.bigint(this.provenance, this.sink.evidence);
    builder.bigint(this.provenance + 1, line);
    if (offset >= 0) builder.bigint(this.provenance + 2, offset);
    builder.endRow();
    this.#accepted++;
    if (builder.full) this.#flush();
  }

  #reject(bytes: Uint8Array, start: number, end: number, line: number, offset: number): void {
    this.sink.reject(
      line,
      offset,
      reasonOf(bytes, start, this.#scanner.at, end),
      keptText(bytes, start, end, "utf-8"),
    );
  }

  #flush(): void {
    const rows = this.builder.rows;
    if (rows > 0) this.#ready.push({ ipc: this.builder.flush(), rows });
  }

  /** Hands over the batches that are full. */
  async deliver(): Promise<void> {
    const ready = this.#ready;
    this.#ready = [];
    for (const { ipc, rows } of ready) await this.sink.batch(ipc, rows);
    this.sink.accepted(this.#accepted);
    this.#accepted = 0;
  }

  async finish(): Promise<void> {
    this.#flush();
    await this.deliver();
  }
}

/** Place of a further object on the same line; a comma after the last is tolerated. */
function nextObject(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && ((bytes[i] ?? 0) <= 0x20 || bytes[i] === 0x2c)) i++;
  return i;
}

/** Why a text is no JSON object, with the place where reading stopped. */
function reasonOf(bytes: Uint8Array, start: number, at: number, end: number): string {
  const first = bytes.subarray(start, end).find((byte) => byte > 0x20);
  if (first !== 0x7b && at <= start + 1) {
    try {
      JSON.parse(textOf(bytes, start, end));
      return "valid JSON, but not an object";
    } catch {
      return "not JSON: a record begins with {";
    }
  }
  const column = at - start + 1;
  if (at >= end)
    return `not valid JSON: the text ends at character ${column}, in the middle of the object`;
  const seen = String.fromCodePoint(textOf(bytes, at, Math.min(end, at + 4)).codePointAt(0) ?? 0);
  return `not valid JSON: unexpected ${JSON.stringify(seen)} at character ${column}`;
}

const ROLES: Record<Part, Role> = {
  time: "timestamp",
  level: "level",
  service: "service",
  host: "host",
  message: "message",
  value: "value",
  name: "series",
  unit: "ignore",
  kind: "feature",
  title: "message",
  detail: "feature",
};

function planColumns(analysis: Analysis, options: ImportOptions): PlannedColumn[] {
  if (analysis.target !== "own") {
    return [...analysis.profile.keys.values()].map((key) => {
      const part = analysis.assigned.get(key.path);
      const role = options.roles?.[key.path] ?? (part === undefined ? "feature" : ROLES[part]);
      const reason =
        part === undefined ? "kept among the fields of the record" : `named “${key.path}”`;
      return {
        name: key.path,
        source: key.path,
        type: part === "time" ? "timestamp" : part === "value" ? "double" : "varchar",
        role,
        reason,
      };
    });
  }
  const roles = assignRoles(analysis.columns.map((column) => column.profile));
  return analysis.columns.map((column, i) => {
    const set = options.roles?.[column.name];
    const assigned = roles[i] ?? { role: "feature" as const, reason: "" };
    return {
      name: column.name,
      source: column.path,
      type: column.type,
      role: set ?? assigned.role,
      reason: set === undefined ? assigned.reason : "set by you",
    };
  });
}

function batchColumns(analysis: Analysis): TableColumn[] {
  if (analysis.target !== "own") return [...FIXED_TABLES[analysis.target], ...PROVENANCE_COLUMNS];
  const columns = analysis.columns.map(({ name, type }) => ({ name, type }));
  return [...columns, { name: REST_COLUMN, type: "varchar" }, ...PROVENANCE_COLUMNS];
}

function preview(analysis: Analysis): ImportPlan["preview"] {
  const header = [...analysis.profile.keys.keys()];
  const rows = analysis.documents.slice(0, PREVIEW_ROWS).map((document) => {
    const cells = new Map(profileRow(document));
    return header.map((path) => cells.get(path) ?? "");
  });
  return { header, rows };
}

function profileRow(document: Uint8Array): [string, string][] {
  return [...profileSample([document]).keys.values()].map((key) => [key.path, key.texts[0] ?? ""]);
}

function planNotes(analysis: Analysis, options: ImportOptions): ImportNote[] {
  const notes: ImportNote[] = [];
  if (options.clockOffsetMs !== undefined && options.clockOffsetMs !== 0) {
    notes.push({ kind: "info", message: describeClockOffset(options.clockOffsetMs) });
  }
  const times =
    analysis.target === "own"
      ? analysis.columns
          .filter((column) => column.type === "timestamp")
          .map((column) => column.path)
      : [...analysis.assigned].filter(([, part]) => part === "time").map(([path]) => path);
  for (const path of times) {
    const profile = analysis.profile.keys.get(path);
    const time = profile === undefined ? null : mostlyTimeOf(profile);
    if (time === null || time.hasZone || options.timezone !== undefined) continue;
    notes.push({
      kind: "warning",
      message: `The times in “${path}” carry no zone: they are read as UTC. Set the time zone if it is another.`,
    });
  }
  if (analysis.target === "own") {
    notes.push({
      kind: "info",
      message: `Keys that do not occur in the first records are kept as JSON in the column “${REST_COLUMN}”.`,
    });
  }
  return notes;
}
