import { listOf, numberOf, objectOf, textOf, type JsonObject } from "../json-fields.ts";
import { writtenUnit } from "./units.ts";

/** One column of a frame. */
export interface FrameField {
  readonly name: string;
  /** `time`, `number`, `string`, `boolean`, `other`, …: what is not stated is told from the values. */
  readonly type: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What the legend calls it, where that was set. */
  readonly legend: string | null;
  readonly unit: string | null;
  readonly values: readonly unknown[];
  /** ns beyond the ms of a time, by row. */
  readonly nanos: readonly unknown[];
}

/** A table of columns of equal length: what a Grafana query answers with. */
export interface Frame {
  readonly name: string | null;
  readonly refId: string | null;
  readonly meta: JsonObject;
  readonly fields: readonly FrameField[];
  readonly length: number;
}

/**
 * Reads a frame in either of its two forms: `{schema:{fields}, data:{values,
 * entities, nanos, bases, factors, enums}}`, which queries answer with, and
 * `{fields:[{name, type, values}]}`, which snapshots and panels hold; null for
 * anything else.
 * https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/dataframe/DataFrameJSON.ts
 */
export function readFrame(value: unknown): Frame | null {
  const outer = objectOf(value);
  if (outer === null) return null;
  const older = readOlder(outer);
  if (older !== null) return older;
  const schema = objectOf(outer["schema"]) ?? outer;
  if (!Array.isArray(schema["fields"])) return null;
  const data = objectOf(outer["data"]) ?? {};
  const fields = listOf(schema["fields"]).map((f, i) => readField(objectOf(f) ?? {}, data, i));
  return {
    name: textOf(schema["name"]),
    refId: textOf(schema["refId"]),
    meta: objectOf(schema["meta"]) ?? {},
    fields,
    length: fields.reduce((most, f) => Math.max(most, f.values.length), 0),
  };
}

/** What answers and snapshots held before there were frames: `{target, datapoints:[[value, ms]]}` and `{columns, rows}`. */
function readOlder(outer: JsonObject): Frame | null {
  const common = { refId: textOf(outer["refId"]), meta: objectOf(outer["meta"]) ?? {} };
  const points = outer["datapoints"] ?? outer["points"];
  const name = textOf(outer["target"]) ?? textOf(outer["name"]);
  const plain = { legend: null, nanos: [] };
  if (Array.isArray(points) && name !== null) {
    const pairs = (points as unknown[]).map(listOf);
    const labels = textsOf(outer["tags"]);
    const unit = writtenUnit(outer["unit"]);
    const fields: FrameField[] = [
      {
        ...plain,
        name: "Time",
        type: "time",
        labels: {},
        unit: null,
        values: pairs.map((p) => p[1]),
      },
      { ...plain, name: "Value", type: "number", labels, unit, values: pairs.map((p) => p[0]) },
    ];
    return { ...common, name, fields, length: pairs.length };
  }
  if (!Array.isArray(outer["columns"]) || !Array.isArray(outer["rows"])) return null;
  const rows = listOf(outer["rows"]).map(listOf);
  const fields = listOf(outer["columns"]).map((column, i): FrameField => {
    const { text, type, unit } = objectOf(column) ?? {};
    const values = rows.map((row) => row[i]);
    const title = textOf(text) ?? "";
    const stated = type === "time" ? "time" : typeOf(title, values);
    return { ...plain, name: title, type: stated, labels: {}, unit: writtenUnit(unit), values };
  });
  return { ...common, name, fields, length: rows.length };
}

function readField(field: JsonObject, data: JsonObject, index: number): FrameField {
  const at = (key: string): unknown => listOf(data[key])[index];
  const values = decode(listOf(field["values"] ?? at("values")), {
    entities: objectOf(at("entities") ?? field["entities"]),
    enums: at("enums"),
    base: numberOf(at("bases")),
    factor: numberOf(at("factors")),
  });
  const config = objectOf(field["config"]) ?? {};
  const name = textOf(field["name"]) ?? "";
  const stated = Array.isArray(at("enums")) ? "string" : textOf(field["type"]);
  return {
    name,
    type: stated ?? typeOf(name, values),
    labels: textsOf(field["labels"]),
    legend:
      textOf(config["displayNameFromDS"]) ??
      textOf(config["displayName"]) ??
      textOf(objectOf(field["state"])?.["displayName"]),
    unit: writtenUnit(config["unit"]),
    values,
    nanos: listOf(at("nanos") ?? field["nanos"]),
  };
}

/** Values as they were before they were made fit for JSON. */
function decode(
  values: readonly unknown[],
  code: {
    readonly entities: JsonObject | null;
    readonly enums: unknown;
    readonly base: number | null;
    readonly factor: number | null;
  },
): readonly unknown[] {
  const { entities, enums, base, factor } = code;
  let decoded = values;
  if (Array.isArray(enums))
    decoded = decoded.map((v) => (typeof v === "number" ? (enums as unknown[])[v] : v));
  if (base !== null || factor !== null)
    decoded = decoded.map((v) => (typeof v === "number" ? v * (factor ?? 1) + (base ?? 0) : v));
  if (entities === null) return decoded;
  const copy = [...decoded];
  for (const [key, value] of Object.entries(ENTITIES)) {
    for (const row of listOf(entities[key]))
      if (typeof row === "number" && row < copy.length) copy[row] = value;
  }
  return copy;
}

const ENTITIES: Readonly<Record<string, number | null>> = {
  NaN: NaN,
  Inf: Infinity,
  NegInf: -Infinity,
  Undef: null,
};

function typeOf(name: string, values: readonly unknown[]): string {
  const first = values.find((v) => v !== null && v !== undefined);
  if (/^time(?:stamp)?$/i.test(name)) return "time";
  return typeof first === "object" || first === undefined ? "other" : typeof first;
}

/** The labels of an object whose values may be of any kind. */
export function textsOf(value: unknown): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [key, inner] of Object.entries(objectOf(value) ?? {})) {
    const text = textOf(inner);
    if (text !== null) labels[key] = text;
  }
  return labels;
}
