import type { ElementReader } from "../element-import.ts";
import type { Position } from "../fixed-tables-writer.ts";
import type { JsonElement } from "../json-elements.ts";
import { listOf, objectOf, textOf, writtenOf, type JsonObject } from "../json-fields.ts";
import { noteCut, rejectRecord, type Reading } from "../json-records.ts";
import { eventOfFailedRule, eventsOfAlert, isAlert } from "./alerts.ts";
import { identityOf, SeriesReader } from "./series.ts";

/** Where answers have what is read, for `jsonElements`. */
export const ANSWER_PATTERNS: readonly string[] = [
  "status",
  "errorType",
  "error",
  "warnings.*",
  "infos.*",
  "isPartial",
  "resultType",
  "result.*",
  "data.resultType",
  "data.result.*",
  "data.alerts.*",
  "data.groups.*.name",
  "data.groups.*.file",
  "data.groups.*.rules.*",
  "data.groupNextToken",
  "alerts.*",
  "receiver",
  "groupKey",
  "truncatedAlerts",
];

/** What precedes the records of a document and belongs to them. */
interface Envelope {
  document: number;
  errorType: string | null;
  /** Group of rules, receiver of alerts. */
  around: Record<string, unknown>;
  /** Time of a scalar, which stands before its value. */
  seconds: unknown;
  records: number;
}

/**
 * Reads answers of the HTTP API, element by element: series to metrics,
 * alerts to events (https://prometheus.io/docs/prometheus/latest/querying/api/).
 * `system` is the one that answered, for messages.
 */
export class AnswerReader implements ElementReader {
  readonly #reading: Reading;
  readonly #series: SeriesReader;
  readonly #nameless: string;
  #envelope = envelopeOf(-1);
  #empty = 0;

  constructor(
    reading: Reading,
    nameless: string,
    readonly system = "Prometheus",
  ) {
    this.#reading = reading;
    this.#nameless = nameless;
    this.#series = new SeriesReader(reading.target, reading.sink, nameless);
  }

  /** `pattern` is the one of `ANSWER_PATTERNS` that the element fits; others mean a record. */
  async read(element: JsonElement, pattern: string): Promise<void> {
    this.turnTo(element);
    const { value } = element;
    if (element.bad !== null) {
      this.#envelope.records++;
      rejectRecord(this.#reading.sink, element, element.bad, element.text());
      if (element.bad.startsWith("the file ends"))
        noteCut(this.#reading.sink, "it ends in the middle of a document.");
      return;
    }
    const key = pattern.slice(pattern.lastIndexOf(".") + 1);
    if (key !== "*" && pattern !== "") this.#property(key, value, element);
    else if (pattern.startsWith("warnings") || pattern.startsWith("infos"))
      this.#said(pattern, writtenOf(value) ?? "");
    else if (typeof element.path.at(-1) === "number" && isScalar(value))
      this.#scalar(element.path.at(-1), value, element);
    else await this.record(value, element);
  }

  /** A series, an alert, a rule, or a group of alerts. */
  async record(value: unknown, at: Position): Promise<void> {
    const object = objectOf(value);
    const { sink, target } = this.#reading;
    this.#envelope.records++;
    if (object === null) this.#refuse(value, at);
    else if (objectOf(object["metric"]) !== null) await this.#series.read(object, at);
    else if (isAlert(object)) this.#alert(object, this.#envelope.around, at);
    else if ("query" in object && "type" in object) await this.#rule(object, at);
    else if (Array.isArray(object["alerts"])) {
      for (const alert of listOf(object["alerts"])) await this.record(alert, at);
      if (listOf(object["alerts"]).length === 0)
        rejectRecord(sink, at, "a group without alerts", object);
    } else if ("seriesLabels" in object)
      rejectRecord(sink, at, "exemplars are not supported; query the series itself", object);
    else this.#refuse(value, at);
    if (target.full) await target.deliver();
  }

  /** Notes on what all documents had in common. */
  finish(): void {
    const { sink } = this.#reading;
    this.#endDocument();
    if (this.#series.unnamed > 0)
      sink.note(
        "info",
        `Series without a name, as expressions answer them, are called “${this.#nameless}” after the file.`,
      );
    if (this.#empty > 0)
      sink.note("info", "An answer holds nothing that could be imported: no series and no alerts.");
  }

  /** Ends the document before this element, where it is of another one; `records` that others read. */
  turnTo(element: JsonElement, records = 0): void {
    const { document } = element;
    const last = this.#envelope.document;
    if (document === last) {
      this.#envelope.records += records;
      return;
    }
    this.#endDocument();
    const passed = document - last - 1;
    for (let i = 0; i < passed; i++)
      rejectRecord(
        this.#reading.sink,
        element,
        `a document before this line is no answer of ${this.system}`,
        "",
      );
    this.#envelope = envelopeOf(document, records);
  }

  #endDocument(): void {
    const { document, records } = this.#envelope;
    if (document >= 0 && records === 0) this.#empty++;
  }

  #property(key: string, value: unknown, at: Position): void {
    const { sink } = this.#reading;
    const envelope = this.#envelope;
    if (key === "errorType") envelope.errorType = textOf(value);
    else if (key === "error" && textOf(value) !== null) {
      envelope.records++;
      const type = envelope.errorType === null ? "" : `${envelope.errorType}: `;
      const reason = `${this.system} answered with an error: ${type}${textOf(value) ?? ""}`;
      rejectRecord(sink, at, reason, value);
    } else if (key === "isPartial" && value === true)
      noteCut(sink, `${this.system} says that the answer is partial (isPartial).`);
    else if (key === "groupNextToken" && textOf(value) !== null)
      noteCut(sink, "it names a next page (groupNextToken), which is not in the file.");
    else if (key === "truncatedAlerts" && Number(value) > 0)
      noteCut(sink, `${String(value)} alerts were left out of a notification (truncatedAlerts).`);
    else if (key === "name" || key === "file")
      envelope.around = { ...envelope.around, [key === "name" ? "group" : "file"]: value };
    else if (key === "receiver" || key === "groupKey")
      envelope.around = { ...envelope.around, [key]: value };
  }

  #said(pattern: string, text: string): void {
    const { sink } = this.#reading;
    if (/truncat|partial|limit/i.test(text)) noteCut(sink, `${this.system} warned: ${text}`);
    else sink.note(pattern.startsWith("infos") ? "info" : "warning", `${this.system}: ${text}`);
  }

  /** A scalar or string is a list of time and value: they arrive one by one. */
  #scalar(index: unknown, value: unknown, at: Position): void {
    if (index === 0) {
      this.#envelope.seconds = value;
      return;
    }
    this.#envelope.records++;
    const identity = identityOf({}, this.#nameless);
    this.#series.unnamed++;
    this.#series.sample(identity, [this.#envelope.seconds, value], at);
  }

  #alert(alert: JsonObject, around: JsonObject, at: Position): void {
    const { target, sink, instants } = this.#reading;
    for (const row of eventsOfAlert(alert, around, instants)) target.event(row, at);
    sink.accepted(1);
  }

  /** A rule: its alerts, or why it could not be evaluated. */
  async #rule(rule: JsonObject, at: Position): Promise<void> {
    const { target, sink, instants } = this.#reading;
    const { around } = this.#envelope;
    const failed = eventOfFailedRule(rule, around, instants);
    const alerts = listOf(rule["alerts"]).map(objectOf);
    if (failed !== null) {
      target.event(failed, at);
      sink.accepted(1);
    } else if (alerts.length === 0) {
      const reason = `a rule of type ${textOf(rule["type"]) ?? "unknown"} without alerts: nothing happened that it tells of`;
      rejectRecord(sink, at, reason, rule);
    }
    const outer = {
      rule: rule["name"],
      query: rule["query"],
      duration: rule["duration"],
      ...around,
    };
    for (const alert of alerts) {
      if (alert === null || !isAlert(alert)) this.#refuse(alert, at);
      else this.#alert({ annotations: rule["annotations"], ...alert }, outer, at);
      if (target.full) await target.deliver();
    }
  }

  #refuse(value: unknown, at: Position): void {
    rejectRecord(this.#reading.sink, at, "neither a series nor an alert", value);
  }
}

function isScalar(value: unknown): boolean {
  return typeof value === "number" || typeof value === "string";
}

function envelopeOf(document: number, records = 0): Envelope {
  return { document, errorType: null, around: {}, seconds: null, records };
}
