import type { LogCondition, LogFilter, LogSearch } from "../../model/log-query.ts";
import { text } from "../../tables/sql.ts";
import type { TextShapes } from "./text-shapes.ts";

/** The lines that a filter leaves, as an SQL condition over `logs`; null where all are left. */
export function filterSql(filter: LogFilter, shapes: TextShapes | null): string | null {
  const parts = filter.conditions.map(conditionSql);
  if (filter.shapes !== null) parts.push(shapesSql(filter.shapes));
  if (filter.withoutShapes.length > 0)
    parts.push(`(shape IS NULL OR NOT ${shapesSql(filter.withoutShapes)})`);
  // Last: it costs most.
  if (filter.search !== null) parts.push(searchSql(filter.search, shapes));
  return parts.length === 0 ? null : parts.join(" AND ");
}

function conditionSql({ field, values, excluded }: LogCondition): string {
  const named = values.filter((v) => v !== null);
  const options = [
    ...(named.length === 0 ? [] : [`coalesce(${field} IN (${named.map(text).join(", ")}), false)`]),
    ...(values.includes(null) ? [`${field} IS NULL`] : []),
  ];
  const any = options.length === 0 ? "false" : `(${options.join(" OR ")})`;
  return excluded ? `NOT ${any}` : any;
}

function shapesSql(shapes: readonly number[]): string {
  return shapes.length === 0 ? "false" : `coalesce(shape IN (${shapes.join(", ")}), false)`;
}

/**
 * Lines that have the text in message or fields. Messages whose shape tells the
 * answer are not read.
 */
export function searchSql(search: LogSearch, shapes: TextShapes | null): string {
  const inText = `(${columnSql("message", search)} OR ${columnSql("fields", search)})`;
  if (shapes === null || shapes.have.length === 0) return inText;
  // Lines that have no message have no shape; they may have fields.
  return shapes.isAll
    ? `(${shapesSql(shapes.have)} OR ${columnSql("fields", search)})`
    : `(${shapesSql(shapes.have)} OR ${inText})`;
}

/** Whether a text column has what is searched; false, not NULL, where the column is empty. */
function columnSql(column: string, search: LogSearch): string {
  if (search.syntax === "regex") {
    return `coalesce(regexp_matches(${column}, ${text(search.text)}, ${text(flagsOf(search))}), false)`;
  }
  return hasLetters(search.text) && !search.caseSensitive
    ? `coalesce(contains(lower(${column}), lower(${text(search.text)})), false)`
    : `coalesce(contains(${column}, ${text(search.text)}), false)`;
}

/** A column with the hits set between two marks (SQL texts), so that a window need not know RE2. */
export function markedSql(
  column: string,
  search: LogSearch,
  start: string,
  end: string,
  most: number,
): string {
  const pattern =
    search.syntax === "regex" ? text(search.text) : `regexp_escape(${text(search.text)})`;
  return `regexp_replace(left(${column}, ${String(most)}), ${pattern}, ${text(`${start}\\0${end}`)}, ${text(`g${flagsOf(search)}`)})`;
}

function flagsOf({ caseSensitive }: LogSearch): string {
  return caseSensitive ? "c" : "i";
}

/** Without letters there is no case, and the text need not be brought to lower case first. */
function hasLetters(value: string): boolean {
  return value.toLowerCase() !== value.toUpperCase();
}
