import { NUMBER, queryRows, queryTable, readColumn } from "../../tables/rows.ts";
import { text } from "../../tables/sql.ts";
import type { LogTask, LogWindow } from "./log-task.ts";
import { ofUnit, type LogUnit } from "./log-units.ts";
import {
  FIRST_LINE,
  MOST_PARAMETERS,
  placesOf,
  templateRegex,
  type ParameterPlace,
} from "./parameter-sql.ts";
import type { ParameterChange } from "../../model/log-comparison.ts";
import { unitBehind } from "./quantity.ts";

/** Lines of a template of which parameters are read, per window: of more, those with the least hashes. */
export const MOST_SAMPLED = 4000;
/** Longer field lists are not read. */
const MOST_FIELDS_TEXT = 4000;

/** The values of one parameter, in the order of `ParameterSample.times`; null where a line has none. */
export interface ParameterValues {
  readonly name: string;
  readonly after: string;
  /** What the template's text says behind it, `ms`. */
  readonly unit: string | null;
  readonly source: ParameterChange["source"];
  readonly values: readonly (string | null)[];
}

/** Parameters of the lines of a template in a window. */
export interface ParameterSample {
  /** All lines of the window. */
  readonly lines: number;
  /** µs UTC. */
  readonly times: readonly number[];
  readonly parameters: readonly ParameterValues[];
}

/**
 * The parameters of a template's lines in a window: those of the message, and the
 * scalar values of `fields`. Of more than `MOST_SAMPLED` lines those with the least
 * hash of file and line: a random choice that is the same every time.
 * Throws `Fault<EngineError>`.
 */
export async function sampleParameters(
  task: LogTask,
  unit: LogUnit,
  window: LogWindow,
): Promise<ParameterSample> {
  const places = placesOf(unit.template).slice(0, MOST_PARAMETERS);
  const where = `${ofUnit(unit)} AND ${window.where}`;
  const pattern = text(templateRegex(unit.template));
  const names = places.map((p) => text(`p${String(p.index)}`)).join(", ");
  const columns = places.map(
    (p) => `CASE WHEN m THEN p.p${String(p.index)} END AS p${String(p.index)}`,
  );
  const extracted =
    places.length === 0
      ? ""
      : `, regexp_matches(message, ${pattern}, 's') AS m, regexp_extract(message, ${pattern}, [${names}], 's') AS p`;
  const [total] = await queryRows(
    task.engine,
    `SELECT count(*) AS n FROM ${task.table} WHERE ${where}`,
    { n: NUMBER },
    task.options,
  );
  const found = await queryTable(
    task.engine,
    `SELECT ${["tm", "fields", ...columns].join(", ")} FROM (
  SELECT tm, fields${extracted} FROM (
    SELECT epoch_us(ts) AS tm, ${FIRST_LINE} AS message, CASE WHEN length(fields) <= ${String(MOST_FIELDS_TEXT)} THEN fields END AS fields
    FROM ${task.table} WHERE ${where} ORDER BY hash(_ev, _line), _ev, _line LIMIT ${String(MOST_SAMPLED)}))`,
    task.options,
  );
  const fields = readColumn(found, "fields") as (string | null)[];
  return {
    lines: total?.n ?? 0,
    times: readColumn(found, "tm") as number[],
    parameters: [
      ...places.map((place) => ({
        ...nameOf(place),
        source: { kind: "message" as const, index: place.index },
        values: readColumn(found, `p${String(place.index)}`) as (string | null)[],
      })),
      ...fieldValues(fields),
    ],
  };
}

function nameOf(place: ParameterPlace): Pick<ParameterValues, "name" | "after" | "unit"> {
  return {
    name: `parameter ${String(place.index + 1)}`,
    after: place.after.trim().slice(-30),
    unit: unitBehind(place.before),
  };
}

/** Ids of processes, threads and requests differ by themselves. */
const ID_KEY =
  /(?:^|[._-])(?:pid|tid|ppid|thread(?:[._-]?(?:id|name))?|process[._-]?id|(?:trace|span|parent|request|correlation|session)[._-]?id)$/i;

/** Scalar values of JSON objects by key, those of ids left out. */
export function fieldValues(fields: readonly (string | null)[]): ParameterValues[] {
  const byKey = new Map<string, (string | null)[]>();
  fields.forEach((json, row) => {
    for (const [key, value] of Object.entries(objectOf(json))) {
      if (ID_KEY.test(key)) continue;
      if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
        continue;
      }
      let values = byKey.get(key);
      if (values === undefined) {
        values = new Array<string | null>(fields.length).fill(null);
        byKey.set(key, values);
      }
      values[row] = String(value);
    }
  });
  return [...byKey].map(([key, values]) => ({
    name: `field ${key}`,
    after: key,
    unit: unitOfKey(key),
    source: { kind: "field" as const, key },
    values,
  }));
}

function objectOf(json: string | null): Record<string, unknown> {
  if (json === null) return {};
  try {
    const parsed: unknown = JSON.parse(json);
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return {};
  }
}

/** `elapsed_ms` is in ms, `durationMs` too. */
function unitOfKey(key: string): string | null {
  const [, word = ""] =
    /[._](ms|us|ns|bytes|seconds|pct|percent)$/i.exec(key) ?? /[a-z](Ms)$/.exec(key) ?? [];
  const unit = word.toLowerCase();
  return unit === ""
    ? null
    : unit === "pct" || unit === "percent"
      ? "%"
      : unit === "seconds"
        ? "s"
        : unit;
}
