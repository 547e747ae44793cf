import type { Table, Vector } from "apache-arrow";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import { queryTable } from "../tables/rows.ts";
import type { NumericSample } from "./compare-numeric.ts";
import { SortRoom, sortDoubles } from "./statistics/sort-doubles.ts";

/** A numeric SQL expression with a name for messages. */
export interface NumericExpression {
  readonly name: string;
  /** DOUBLE, NULL where missing. */
  readonly sql: string;
}

/** Values that one query brings over at most (32 MB). */
const MOST_VALUES = 4_000_000;

/**
 * All values of numeric expressions over the rows of a condition, sorted. Each
 * comes as one list, whose memory is one typed array: six times faster than
 * rows in record batches. NULL and NaN are left out.
 * @param rows rows that meet the condition, to size the queries
 * @returns samples in the order of the expressions, one at a time: each lasts
 *   until the next is asked for, since all are sorted in the same memory
 */
export async function* exportSorted(
  engine: Engine,
  source: string,
  condition: string,
  expressions: readonly NumericExpression[],
  rows: number,
  options?: QueryOptions,
): AsyncGenerator<NumericSample> {
  const room = new SortRoom();
  const width = Math.max(1, Math.min(4, Math.floor(MOST_VALUES / Math.max(1, rows))));
  for (let start = 0; start < expressions.length; start += width) {
    const part = expressions.slice(start, start + width);
    const lists = part.map((e, k) => listOf(e.sql, `x${String(k)}`));
    const table = await queryTable(
      engine,
      `SELECT ${lists.join(", ")} FROM ${source} WHERE ${condition}`,
      options,
    );
    for (let k = 0; k < part.length; k++) {
      yield { rows, sorted: sortDoubles(readList(table, `x${String(k)}`, 0), room) };
    }
  }
}

/** An aggregate that collects an expression's values without NULL and NaN. */
export function listOf(sql: string, name: string, condition = "true"): string {
  return `list(${sql}) FILTER (WHERE ${condition} AND ${sql} IS NOT NULL AND NOT isnan(${sql})) AS ${name}`;
}

/** A list of doubles in a result; shares the result's memory. */
export function readList(table: Table, column: string, row: number): Float64Array {
  const vector: Vector | null = table.getChild(column);
  if (vector === null) throw new Error(`the result has no column ${column}`);
  const list = vector.get(row) as Vector | null;
  if (list === null) return new Float64Array(0);
  return list.toArray() as Float64Array;
}
