import type { BatchBuilder } from "../../tables/batch.ts";
import type { BadCell, Cells } from "../delimited/cells.ts";
import { isNothing, textOfValue, type SqliteColumn } from "./columns.ts";
import type { SqliteValue } from "./database.ts";

/** Beyond this many different combinations, remembering them costs more than it brings. */
const MOST_COMBINATIONS = 100_000;

const encoder = new TextEncoder();
const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/** The values of one row, as the writers of delimited text ask for cells. */
export class ValueCells implements Pick<
  Cells,
  | "bad"
  | "time"
  | "number"
  | "string"
  | "combination"
  | "text"
  | "timestamp"
  | "double"
  | "bigint"
  | "boolean"
> {
  /** Set by a read that failed. */
  bad: BadCell | null = null;
  row: readonly SqliteValue[] = [];
  readonly #combinations = new Map<string, number>();

  constructor(readonly columns: readonly SqliteColumn[]) {}

  #value(c: number): SqliteValue {
    const value = this.row[c] ?? null;
    const column = this.columns[c];
    if (column === undefined || isNothing(value, column.loose)) {
      // An empty text is one, where texts are meant.
      return value === "" && column?.type === "varchar" ? value : null;
    }
    return value;
  }

  #fail(column: number, value: SqliteValue, expected: BadCell["expected"]): null {
    this.bad = { column, text: textOfValue(value), expected };
    return null;
  }

  time(c: number): number | null {
    const value = this.#value(c);
    const parse = this.columns[c]?.parse;
    if (value === null || parse === null || parse === undefined) return null;
    const bytes = encoder.encode(textOfValue(value));
    const time = parse(bytes, 0, bytes.length);
    return Number.isNaN(time) ? this.#fail(c, value, "time") : time;
  }

  number(c: number): number | null {
    const value = this.#value(c);
    if (value === null) return null;
    if (typeof value === "number") return value;
    if (typeof value === "bigint") return Number(value);
    if (typeof value === "string" && NUMBER.test(value)) return Number(value);
    return this.#fail(c, value, "number");
  }

  string(c: number): string | null {
    const value = this.#value(c);
    return value === null ? null : textOfValue(value);
  }

  combination(columns: readonly number[]): number {
    const key = columns.map((c) => this.string(c) ?? "\u0000").join("\u001f");
    let number = this.#combinations.get(key);
    if (number === undefined) {
      if (this.#combinations.size >= MOST_COMBINATIONS) return -1;
      number = this.#combinations.size;
      this.#combinations.set(key, number);
    }
    return number;
  }

  text(builder: BatchBuilder, to: number, c: number): void {
    const text = this.string(c);
    if (text !== null) builder.utf8(to, text);
  }

  timestamp(builder: BatchBuilder, to: number, c: number): boolean {
    const time = this.time(c);
    if (time !== null) builder.timestamp(to, time);
    return this.bad === null;
  }

  double(builder: BatchBuilder, to: number, c: number): boolean {
    const number = this.number(c);
    if (number !== null) builder.double(to, number);
    return this.bad === null;
  }

  bigint(builder: BatchBuilder, to: number, c: number): boolean {
    const value = this.#value(c);
    if (typeof value === "bigint") {
      builder.bigint64(to, value);
      return true;
    }
    const number = this.number(c);
    if (number === null) return this.bad === null;
    if (Number.isSafeInteger(number)) builder.bigint(to, number);
    else this.#fail(c, value, "integer");
    return this.bad === null;
  }

  boolean(builder: BatchBuilder, to: number, c: number): boolean {
    const value = this.#value(c);
    if (value === 0 || value === 1) builder.boolean(to, value === 1);
    else if (value !== null) this.#fail(c, value, "boolean");
    return this.bad === null;
  }
}
