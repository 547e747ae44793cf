import { err, ok, type Result } from "../base/result.ts";
import type { ImportNote, ImportOptions } from "../model/evidence.ts";
import { FixedTablesWriter, fixedBatchColumns, fixedPlanColumns } from "./fixed-tables-writer.ts";
import type { ImportError, ImportPlan, Importer, Sink } from "./importer.ts";
import { detectText, keptText, lines } from "./text.ts";
import { textOf } from "./text-log/bytes.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import { findLevel } from "./text-log/levels.ts";
import { newHead, type RecordHead } from "./text-log/line-reader.ts";
import { sampleLines } from "./text-log/sample.ts";
import { StreamJoiner, type HeldRecord } from "./text-log/streams.ts";
import { compileTime, describeClockOffset } from "./times.ts";

const HEAD_BYTES = 256 * 1024;
const PREVIEW_ROWS = 20;
const MAX_MESSAGE = 1024 * 1024;

/** A line of Docker's default log driver. */
interface DockerLine {
  readonly log: string;
  readonly stream: string;
  readonly time: string;
  /** Labels and environment, where the driver was told to add them. */
  readonly attrs?: Readonly<Record<string, unknown>>;
}

const KEYS = new Set(["log", "stream", "time", "attrs"]);

/**
 * Container logs of Docker's driver `json-file`. A line longer than 16 KiB is
 * written in parts, of which only the last ends in a line break.
 * https://docs.docker.com/engine/logging/drivers/json-file/
 */
export const dockerJsonImporter: Importer = {
  id: "docker-json",
  name: "Docker container log",
  description:
    "Container logs of Docker (driver json-file): parts of long lines and stack traces joined per stream",
  extensions: ["log", "json"],

  detect(head) {
    const sample = sampleLines(head, detectText(head), HEAD_BYTES).slice(0, 20);
    const filled = sample.filter((line) => line.length > 0);
    const fit = filled.filter((line) => typeof dockerLine(line, 0, line.length) !== "string");
    return fit.length > 0 && fit.length >= filled.length * 0.9 ? 0.96 : 0;
  },

  async plan(source, options): Promise<Result<ImportPlan, ImportError>> {
    const head = await source.head(HEAD_BYTES);
    const sample = sampleLines(head, detectText(head, options.encoding), HEAD_BYTES);
    if (sample.length === 0) {
      return err({
        kind: "empty",
        file: source.name,
        message: `“${source.name}” is empty.`,
        advice: "Check that the container had written something, and copy the file again.",
      });
    }
    const rows = sample.slice(0, PREVIEW_ROWS).flatMap((line) => {
      const read = dockerLine(line, 0, line.length);
      return typeof read === "string" ? [] : [[read.time, read.stream, read.log.trimEnd()]];
    });
    const notes: ImportNote[] = [];
    if (options.clockOffsetMs !== undefined && options.clockOffsetMs !== 0)
      notes.push({ kind: "info", message: describeClockOffset(options.clockOffsetMs) });
    return ok({
      importer: "docker-json",
      options: { ...options, target: "logs" },
      target: "logs",
      table: "logs",
      columns: fixedPlanColumns("logs", { ts: "time", message: "log", fields: "stream, attrs" }),
      batchColumns: fixedBatchColumns("logs"),
      preview: { header: ["time", "stream", "log"], rows },
      notes,
    });
  },

  async read(source, plan, sink): Promise<void> {
    const format = detectText(await source.head(HEAD_BYTES), plan.options.encoding);
    const rows = new DockerRows(sink, plan.options);
    const onReject = (r: { line: number; offset: number; reason: string; text: string }): void => {
      sink.reject(r.line, r.offset, r.reason, r.text);
    };
    for await (const block of lines(source, format, { onReject })) {
      checkCancelled(sink.signal, source.name);
      for (let i = 0; i < block.count; i++) {
        const [start, end] = [block.starts[i] ?? 0, block.ends[i] ?? 0];
        if (start === end) continue;
        const at = { line: block.firstLine + i, offset: block.offsets[i] ?? -1 };
        const read = dockerLine(block.bytes, start, end);
        if (typeof read === "string")
          sink.reject(at.line, at.offset, read, keptText(block.bytes, start, end, "utf-8"));
        else await rows.add(read, at.line, at.offset);
      }
    }
    await rows.finish();
  },
};

/** The line as Docker wrote it, or why it is none. */
function dockerLine(bytes: Uint8Array, start: number, end: number): DockerLine | string {
  if (bytes[start] !== 0x7b) return "not JSON: a record begins with {";
  let value: unknown;
  try {
    value = JSON.parse(textOf(bytes, start, end));
  } catch {
    return "not valid JSON";
  }
  const line = value as Partial<Record<string, unknown>>;
  const fits =
    typeof line["log"] === "string" &&
    typeof line["stream"] === "string" &&
    typeof line["time"] === "string" &&
    Object.keys(line).every((key) => KEYS.has(key));
  return fits
    ? (value as DockerLine)
    : "not a line of a container: log, stream and time are expected";
}

const encoder = new TextEncoder();

/** Rows of `logs` from the lines of one container. */
class DockerRows {
  readonly #writer: FixedTablesWriter;
  readonly #streams = new StreamJoiner(MAX_MESSAGE);
  readonly #head: RecordHead = newHead();
  readonly #counts = { joined: 0, parts: 0, split: 0, unfinished: 0 };
  readonly #parse: (bytes: Uint8Array, start: number, end: number) => number;
  /** Fields that are not the line's text, by the line's number. */
  readonly #fields = new Map<number, Record<string, unknown>>();
  #undated = 0;

  constructor(
    readonly sink: Sink,
    readonly options: ImportOptions,
  ) {
    this.#writer = new FixedTablesWriter(sink, "logs");
    this.#parse = compileTime("iso", {
      zone: options.timezone ?? "UTC",
      clockOffsetMicros: (options.clockOffsetMs ?? 0) * 1000,
    });
  }

  async add(docker: DockerLine, line: number, offset: number): Promise<void> {
    const complete = docker.log.endsWith("\n");
    const text = encoder.encode(complete ? docker.log.replace(/\r?\n$/, "") : docker.log);
    const time = encoder.encode(docker.time);
    const head = this.#head;
    head.micros = this.#parse(time, 0, time.length);
    head.level = findLevel(text, 0, text.length);
    head.messageStart = 0;
    head.messageEnd = text.length;
    head.partial = !complete;
    head.stream = docker.stream === "stderr" ? 1 : 0;
    const undated = Number.isNaN(head.micros) ? { time: docker.time } : {};
    this.#fields.set(line, { stream: docker.stream, attrs: docker.attrs, ...undated });
    const before = this.#counts.joined;
    const done = this.#streams.add(head, text, line, offset, this.#counts);
    if (this.#counts.joined > before) this.#fields.delete(line);
    if (done !== null) await this.#write(done);
  }

  async #write(record: HeldRecord): Promise<void> {
    const fields = this.#fields.get(record.line) ?? {};
    this.#fields.delete(record.line);
    if (Number.isNaN(record.micros)) this.#undated++;
    const attrs = fields["attrs"] as Record<string, unknown> | undefined;
    const split = this.options.splitBy === undefined ? undefined : attrs?.[this.options.splitBy];
    this.#writer.log(
      {
        ts: record.micros,
        level: record.level,
        service: typeof split === "string" ? split : (this.options.service ?? null),
        message: textOf(record.text, 0, record.length),
        fields,
      },
      record,
    );
    this.sink.accepted(1);
    if (this.#writer.full) await this.#writer.deliver();
  }

  async finish(): Promise<void> {
    for (const record of this.#streams.finish(this.#counts)) await this.#write(record);
    await this.#writer.finish();
    const { joined, parts, unfinished } = this.#counts;
    const say = (kind: ImportNote["kind"], count: number, one: string, many: string): void => {
      if (count > 0) this.sink.note(kind, count === 1 ? `1 ${one}.` : `${count} ${many}.`);
    };
    say(
      "info",
      parts,
      "part of a long line was joined to its beginning",
      "parts of long lines were joined to their beginnings",
    );
    say(
      "info",
      joined - parts,
      "line of a stack trace was joined to the record before it",
      "lines of stack traces were joined to the records before them",
    );
    say(
      "warning",
      unfinished,
      "long line has no end in this file",
      "long lines have no end in this file",
    );
    say(
      "warning",
      this.#undated,
      "record has no readable time and cannot be placed in a window",
      "records have no readable time and cannot be placed in a window",
    );
  }
}
