import type { FixedTablesWriter, Position } from "../fixed-tables-writer.ts";
import type { JsonElement } from "../json-elements.ts";
import { exactValue, Instants, listOf, objectOf, textOf, type JsonObject } from "../json-fields.ts";
import { annotationRow } from "./annotation.ts";
import { kindOfFrame, writeFrame, writeLog } from "./frame-rows.ts";
import { readFrame, type Frame } from "./frame.ts";
import type { FrameContext } from "./series-of-frame.ts";
import { writtenUnit } from "./units.ts";

const NOWHERE: FrameContext = { panel: null, unit: null };

/** Grafana asks its log sources for so many lines where nothing else is set. */
const LINE_LIMITS = new Set([1000, 5000]);

/** Reads the elements of one file: frames, panels, annotations, lines. */
export class GrafanaReading {
  readonly #writer: FixedTablesWriter;
  readonly #instants: Instants;
  /** Panels by their title: two may have the same. */
  readonly #titles = new Map<string, number>();
  #lines = 0;
  #panelsWithoutData = 0;
  #emptyFrames = 0;

  constructor(writer: FixedTablesWriter, zone: string | undefined) {
    this.#writer = writer;
    this.#instants = new Instants(zone);
  }

  async read(element: JsonElement, pattern: string): Promise<void> {
    const { line, offset, bad } = element;
    const value = exactValue(element);
    const at = { line, offset };
    if (bad !== null) {
      this.#reject(at, bad, element.text());
    } else if (pattern.includes("error")) {
      const text = textOf(value);
      if (text !== null) this.#note("warning", `A query failed, and its data is missing: ${text}`);
    } else if (pattern.endsWith("annotations.list.*")) {
      await this.#annotationList(objectOf(value) ?? {}, at);
    } else if (/(?:panels|rows)\.\*$/.test(pattern)) {
      await this.#panel(objectOf(value) ?? {}, at, element.text());
    } else {
      // A document may be a list of frames itself.
      for (const item of Array.isArray(value) ? (value as unknown[]) : [value])
        await this.#item(item, at, NOWHERE);
    }
  }

  /** What is known only at the end. */
  report(): void {
    if (this.#instants.unzoned > 0)
      this.#note(
        "info",
        "Some times name no zone; they were taken as UTC unless the options say another.",
      );
    if (this.#panelsWithoutData > 0)
      this.#note(
        "info",
        `Panels without data (texts, links, or not loaded): ${this.#panelsWithoutData}.`,
      );
    if (this.#emptyFrames > 0) this.#note("info", `Frames without rows: ${this.#emptyFrames}.`);
    this.#checkLimit(this.#lines, "lines");
  }

  async #item(value: unknown, at: Position, context: FrameContext): Promise<void> {
    const object = objectOf(value);
    const frame = readFrame(object);
    if (frame !== null) {
      await this.#frame(frame, at, context);
    } else if (object !== null && isLogLine(object)) {
      this.#lines++;
      const fields = { ...objectOf(object["fields"]) };
      const ts = this.#instants.read(object["timestamp"]) ?? this.#instants.read(object["date"]);
      if (ts === null) fields["timestamp"] = object["timestamp"];
      writeLog(this.#writer, { ts, message: textOf(object["line"]), fields }, at);
      this.#writer.sink.accepted(1);
    } else if (object !== null && isAnnotation(object)) {
      this.#writer.event(annotationRow(object, this.#instants), at);
      this.#writer.sink.accepted(1);
    } else {
      this.#reject(at, "neither a data frame nor an annotation of Grafana", JSON.stringify(value));
    }
    if (this.#writer.full) await this.#writer.deliver();
  }

  async #frame(frame: Frame, at: Position, context: FrameContext): Promise<void> {
    this.#notices(frame);
    if (frame.length === 0) {
      this.#emptyFrames++;
      return;
    }
    const kind = kindOfFrame(frame);
    if (typeof kind === "object") {
      const name =
        [context.panel, frame.name, frame.refId].find((n) => n !== null) ?? "without a name";
      this.#reject(
        at,
        `frame “${name}” is ${kind.unsupported} (${frame.length} rows), which is not imported; download the panel's data as CSV instead`,
        JSON.stringify({ name: frame.name, fields: frame.fields.map((f) => f.name) }),
      );
      return;
    }
    if (kind === "logs") {
      const limit = frame.meta["limit"];
      if (frame.length === limit)
        this.#cut(`the query's limit of ${frame.length} lines is reached`);
      else this.#checkLimit(frame.length, "lines");
    }
    await writeFrame(frame, context, this.#instants, this.#writer, at);
  }

  /** What the data source had to say of an answer. */
  #notices(frame: Frame): void {
    for (const notice of listOf(frame.meta["notices"])) {
      const text = textOf(objectOf(notice)?.["text"]);
      if (text === null) continue;
      if (/limit|truncat|cut off|exceed|too many|partial/i.test(text))
        this.#cut(`Grafana says “${text}”`);
      else this.#note("warning", `Grafana says: ${text}`);
    }
  }

  /** A panel, or a row with panels in it. */
  async #panel(panel: JsonObject, at: Position, text: string): Promise<void> {
    const inner = listOf(panel["panels"]);
    for (const child of inner) await this.#panel(objectOf(child) ?? {}, at, "");
    const data = panel["snapshotData"];
    if (!Array.isArray(data)) {
      if (data !== undefined && data !== null)
        this.#reject(at, "snapshotData of the panel is no list", text.slice(0, 2000));
      else if (inner.length === 0 && panel["type"] !== "row") this.#panelsWithoutData++;
      return;
    }
    if (data.length === 0) this.#panelsWithoutData++;
    const defaults = objectOf(objectOf(panel["fieldConfig"])?.["defaults"]);
    const axis = objectOf(listOf(panel["yaxes"])[0]);
    const context: FrameContext = {
      panel: this.#titleOf(panel),
      unit: writtenUnit(defaults?.["unit"] ?? axis?.["format"] ?? panel["format"]),
    };
    for (const item of data as unknown[]) await this.#item(item, at, context);
  }

  #titleOf(panel: JsonObject): string | null {
    const id = textOf(panel["id"]);
    const title = textOf(panel["title"]) ?? (id === null ? null : `panel ${id}`);
    if (title === null) return null;
    const before = this.#titles.get(title) ?? 0;
    this.#titles.set(title, before + 1);
    return before === 0 ? title : `${title} (${id ?? before + 1})`;
  }

  /** One query for annotations, and what it found when the snapshot was taken. */
  async #annotationList(query: JsonObject, at: Position): Promise<void> {
    const source = textOf(query["name"]);
    for (const item of listOf(query["snapshotData"])) {
      const object = objectOf(item);
      if (object !== null && readFrame(object) === null && isAnnotation(object)) {
        const row = annotationRow(object, this.#instants);
        this.#writer.event({ ...row, fields: { ...row.fields, source } }, at);
        this.#writer.sink.accepted(1);
      } else {
        await this.#item(item, at, NOWHERE);
      }
      if (this.#writer.full) await this.#writer.deliver();
    }
  }

  #checkLimit(count: number, noun: string): void {
    if (LINE_LIMITS.has(count))
      this.#cut(`it holds exactly ${count} ${noun}, which is a limit of Grafana's log queries`);
  }

  #cut(why: string): void {
    this.#note("warning", `This export may be cut off: ${why}.`);
  }

  #note(kind: "info" | "warning", message: string): void {
    this.#writer.sink.note(kind, message);
  }

  #reject(at: Position, reason: string, text: string): void {
    this.#writer.sink.reject(at.line, at.offset, reason, text);
  }
}

/** A line of Explore's log download. */
function isLogLine(object: JsonObject): boolean {
  return typeof object["line"] === "string" && "timestamp" in object;
}

function isAnnotation(object: JsonObject): boolean {
  return "time" in object && ("text" in object || "title" in object || "alertName" in object);
}

/** The table that an element's records go to, or null where it holds none. */
export function kindOfElement(value: unknown): "metrics" | "logs" | "events" | "spans" | null {
  const object = objectOf(value);
  if (object === null) return null;
  const data = object["snapshotData"] ?? object["panels"];
  if (Array.isArray(data)) {
    for (const item of data as unknown[]) {
      const kind = kindOfElement(item);
      if (kind !== null) return kind;
    }
    return null;
  }
  const frame = readFrame(object);
  if (frame !== null) {
    const kind = frame.length === 0 ? null : kindOfFrame(frame);
    return kind === "states" ? "events" : typeof kind === "object" ? null : kind;
  }
  if (isLogLine(object)) return "logs";
  return isAnnotation(object) ? "events" : null;
}
