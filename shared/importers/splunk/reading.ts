import type { Position } from "../fixed-tables-writer.ts";
import type { JsonElement } from "../json-elements.ts";
import { exactValue, listOf, objectOf, textOf, type JsonObject } from "../json-fields.ts";
import { noteCut, rejectRecord, type Reading } from "../json-records.ts";
import { shapeOf, writeResult, type TableShape } from "./result.ts";
import { SplunkTimes } from "./times.ts";

const PREVIEW = "a preview of a search that was still running (preview: true)";
/** REST's default, what `sort` keeps, and what a search keeps, unless they are told otherwise. */
const LIMITS = new Map([
  [100, "as many results as the API returns unless it is asked for more (count)"],
  [10_000, "as many as “sort” keeps unless it is told otherwise"],
  [50_000, "the most that a search returns at once (maxresultrows)"],
]);
/** Rows that say whether a table is one of measurements. */
const SAMPLE = 500;

/** Reads results in whatever wrapping, and keeps what they say of their completeness. */
export class ResultReader {
  readonly #times: SplunkTimes;
  #shape: TableShape | null = null;
  /** First rows of a table, until there are enough to tell what it is. */
  #waiting: { readonly row: JsonObject; readonly at: Position }[] = [];
  #rows = 0;
  #previews = 0;
  // Of the document that is read in parts.
  #document = 0;
  #preview = false;
  #fields: readonly string[] = [];
  #columns: { readonly values: readonly unknown[]; readonly at: Position }[] = [];
  // Of exports as JSON lines.
  #exported = false;
  #ended = false;

  constructor(
    readonly reading: Reading,
    zoneChosen: boolean,
  ) {
    this.#times = new SplunkTimes(reading.instants, zoneChosen);
  }

  async read(element: JsonElement, pattern: string): Promise<void> {
    const { sink } = this.reading;
    const at = { line: element.line, offset: element.offset };
    if (element.document !== this.#document) {
      await this.#endColumns();
      this.#document = element.document;
      this.#preview = false;
      this.#fields = [];
    }
    if (element.bad !== null) {
      rejectRecord(sink, at, element.bad, element.text());
      if (element.bad.startsWith("the file ends"))
        noteCut(sink, "it ends in the middle of a result.");
      return;
    }
    const value = exactValue(element);
    switch (pattern) {
      case "preview":
        this.#preview = value === true;
        return;
      case "fields":
        this.#fields = namesOf(value);
        return;
      case "init_offset":
        this.#begins(value);
        return;
      case "messages.*":
        this.#message(value);
        return;
      case "columns.*":
        this.#columns.push({ values: listOf(value), at });
        return;
      case "rows.*":
        await this.row(rowOf(this.#fields, listOf(value)), this.#preview, at, element.text);
        return;
      case "results.*":
        await this.#result(value, this.#preview, at);
        return;
      default:
        await this.#whole(value, at);
    }
  }

  /** One result as an object of its fields. */
  async row(
    row: JsonObject,
    preview: boolean,
    at: Position,
    text: () => string = () => JSON.stringify(row),
  ): Promise<void> {
    if (preview) {
      this.#previews++;
      rejectRecord(this.reading.sink, at, PREVIEW, text());
      return;
    }
    this.#rows++;
    if ("_raw" in row && this.#shape === null) {
      await this.#decide();
      this.#shape ??= NO_TABLE;
    }
    if (this.#shape !== null) {
      await this.#write(row, at);
      return;
    }
    this.#waiting.push({ row, at });
    if (this.#waiting.length >= SAMPLE) await this.#decide();
  }

  /** Ends the reading. */
  async finish(): Promise<void> {
    const { sink } = this.reading;
    await this.#endColumns();
    await this.#decide();
    if (this.#rows === 0 && this.#previews > 0)
      noteCut(sink, "it holds previews of a search that was still running, and no final results.");
    else if (this.#exported && !this.#ended)
      noteCut(sink, "the line that ends an export (“lastrow”: true) is missing.");
    const limit = LIMITS.get(this.#rows);
    if (limit !== undefined && !this.#exported)
      noteCut(sink, `it holds exactly ${this.#rows.toLocaleString("en-US")} results, ${limit}.`);
    for (const name of this.#times.unknownZones)
      sink.note(
        "warning",
        `The zone “${name}” has several meanings: times with it were not read. Set the zone in the options.`,
      );
  }

  /** `<msg>` and `messages`: what the search had to say. */
  message(type: string | null, text: string | null): void {
    if (text === null || /^(?:DEBUG|INFO)$/i.test(type ?? "")) return;
    this.reading.sink.note("warning", `Splunk says of the search: ${text}`);
  }

  async #whole(value: unknown, at: Position): Promise<void> {
    const object = objectOf(value);
    if (object === null) {
      if (Array.isArray(value)) for (const item of listOf(value)) await this.#whole(item, at);
      else rejectRecord(this.reading.sink, at, "no result of a search", value);
      return;
    }
    const preview = object["preview"] === true;
    const result = objectOf(object["result"]);
    if ("lastrow" in object || (result !== null && "preview" in object)) {
      this.#exported = true;
      this.#ended = !preview && object["lastrow"] === true;
      if (result !== null) await this.row(result, preview, at, () => JSON.stringify(object));
    } else if (Array.isArray(object["results"])) {
      this.#around(object);
      for (const item of listOf(object["results"])) await this.#result(item, preview, at);
    } else if (Array.isArray(object["rows"])) {
      this.#around(object);
      const names = namesOf(object["fields"]);
      for (const row of listOf(object["rows"]))
        await this.row(rowOf(names, listOf(row)), preview, at);
    } else if (Array.isArray(object["columns"])) {
      this.#around(object);
      const columns = listOf(object["columns"]).map((values) => ({ values: listOf(values), at }));
      await this.#transpose(namesOf(object["fields"]), columns, preview);
    } else if ("messages" in object && Object.keys(object).length === 1) {
      this.#around(object);
    } else if ("_raw" in object || "_time" in object) {
      await this.row(object, preview, at);
    } else {
      rejectRecord(this.reading.sink, at, "no result of a search", value);
    }
  }

  async #result(value: unknown, preview: boolean, at: Position): Promise<void> {
    const row = objectOf(value);
    if (row === null) rejectRecord(this.reading.sink, at, "no result of a search", value);
    else await this.row(row, preview, at);
  }

  #around(object: JsonObject): void {
    this.#begins(object["init_offset"]);
    for (const message of listOf(object["messages"])) this.#message(message);
  }

  #message(value: unknown): void {
    const object = objectOf(value);
    if (object !== null) this.message(textOf(object["type"]), textOf(object["text"]));
  }

  #begins(offset: unknown): void {
    if (typeof offset === "number" && offset > 0)
      noteCut(
        this.reading.sink,
        `it begins with result ${offset + 1} (init_offset). Export the pages before it too.`,
      );
  }

  async #endColumns(): Promise<void> {
    const columns = this.#columns;
    this.#columns = [];
    if (columns.length > 0) await this.#transpose(this.#fields, columns, this.#preview);
  }

  /** JSON_COLS: each column is a list; the rows stand where their first value would. */
  async #transpose(
    names: readonly string[],
    columns: readonly { readonly values: readonly unknown[]; readonly at: Position }[],
    preview: boolean,
  ): Promise<void> {
    const [first] = columns;
    const count = Math.max(0, ...columns.map((c) => c.values.length));
    for (let i = 0; first !== undefined && i < count; i++)
      await this.row(
        rowOf(
          names,
          columns.map((c) => c.values[i]),
        ),
        preview,
        first.at,
      );
  }

  async #decide(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length === 0) return;
    this.#shape ??= shapeOf(waiting.map((w) => w.row));
    for (const { row, at } of waiting) await this.#write(row, at);
  }

  async #write(row: JsonObject, at: Position): Promise<void> {
    const { target } = this.reading;
    writeResult(row, this.#shape ?? NO_TABLE, at, this.reading, this.#times);
    if (target.full) await target.deliver();
  }
}

const NO_TABLE: TableShape = { numeric: new Set() };

/** Names of `fields`: texts, or objects with a name. */
function namesOf(value: unknown): string[] {
  return listOf(value).map((f) => textOf(f) ?? textOf(objectOf(f)?.["name"]) ?? "");
}

function rowOf(names: readonly string[], values: readonly unknown[]): JsonObject {
  const row: Record<string, unknown> = {};
  values.forEach((value, i) => {
    const name = names[i] ?? "";
    row[name === "" ? `column ${i + 1}` : name] = value;
  });
  return row;
}
