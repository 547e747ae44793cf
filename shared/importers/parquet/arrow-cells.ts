import { makeVector, type Data, type Vector } from "apache-arrow";
import type { BatchBuilder } from "../../tables/batch.ts";
import type { Cells } from "../delimited/cells.ts";
import type { ParquetColumn } from "./columns.ts";

/** Beyond this many different combinations, remembering them costs more than it brings. */
const MOST_COMBINATIONS = 100_000;

/** The cells of one row of converted columns, as the writers of delimited text ask for them. */
export class ArrowCells implements Pick<
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
  readonly bad = null;
  row = 0;
  readonly #combinations = new Map<string, number>();
  #vectors: readonly Vector[] = [];
  #data: readonly Data[] = [];

  constructor(readonly columns: readonly ParquetColumn[]) {}

  set(data: readonly Data[]): void {
    this.#data = data;
    this.#vectors = data.map((column) => makeVector(column));
    this.row = 0;
  }

  #value(c: number): unknown {
    const data = this.#data[c];
    if (data?.getValid(this.row) !== true) return null;
    if (this.columns[c]?.type === "timestamp")
      return Number((data.values as BigInt64Array)[this.row] ?? 0n);
    return this.#vectors[c]?.get(this.row) ?? null;
  }

  time(c: number): number | null {
    const value = this.#value(c);
    return typeof value === "number" && this.columns[c]?.type === "timestamp" ? value : null;
  }

  number(c: number): number | null {
    const value = this.#value(c);
    if (value === null) return null;
    const number = Number(value);
    return Number.isNaN(number) ? null : number;
  }

  string(c: number): string | null {
    const value = this.#value(c);
    if (value === null) return null;
    if (this.columns[c]?.type === "timestamp")
      return new Date((value as number) / 1000).toISOString();
    if (typeof value === "string") return value;
    return typeof value === "number" || typeof value === "bigint" || typeof value === "boolean"
      ? String(value)
      : null;
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
    return true;
  }

  double(builder: BatchBuilder, to: number, c: number): boolean {
    const number = this.number(c);
    if (number !== null) builder.double(to, number);
    return true;
  }

  bigint(builder: BatchBuilder, to: number, c: number): boolean {
    const number = this.number(c);
    if (number !== null) builder.bigint(to, number);
    return true;
  }

  boolean(builder: BatchBuilder, to: number, c: number): boolean {
    const value = this.#value(c);
    if (typeof value === "boolean") builder.boolean(to, value);
    return true;
  }
}
