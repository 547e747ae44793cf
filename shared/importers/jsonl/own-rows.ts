import type { ColumnType } from "../../model/role.ts";
import type { BatchBuilder } from "../../tables/batch.ts";
import { uniqueNames } from "../delimited/header.ts";
import { hintsTime } from "../delimited/types.ts";
import { WidenColumn } from "../importer.ts";
import type { ColumnProfile } from "../roles.ts";
import { nonFinite, type RowWriter } from "./fixed-rows.ts";
import { timeOf, type KeyProfile, type Profile } from "./profile.ts";
import { Rest, Values } from "./rest.ts";
import { Kind, stringOf, type Key } from "./scan.ts";
import { TimeReader, withoutBareNumbers } from "./values.ts";
import type { TimeSettings } from "../times.ts";

/** Values of keys that the sample did not have. */
export const REST_COLUMN = "_rest";

export interface OwnColumn {
  readonly path: string;
  readonly name: string;
  readonly type: ColumnType;
  readonly profile: ColumnProfile;
  readonly times: TimeReader;
}

const MAX_COLUMNS = 2000;

/** One column for each key of the sample, nested keys with dots. */
export function ownColumns(
  profile: Profile,
  types: Readonly<Record<string, ColumnType>>,
  settings: TimeSettings,
): OwnColumn[] {
  const keys = [...profile.keys.values()].slice(0, MAX_COLUMNS);
  const { names } = uniqueNames(
    keys.map((key) => (key.path === REST_COLUMN ? `${REST_COLUMN}_` : key.path)),
  );
  return keys.map((key, i) => {
    const name = names[i] ?? key.path;
    const type = types[name] ?? typeOf(key);
    return {
      path: key.path,
      name,
      type,
      times: new TimeReader(type === "timestamp" ? (timeOf(key)?.layout ?? null) : null, settings),
      profile: {
        name,
        type,
        filled: key.filled,
        distinct: key.distinct.size,
        ...(key.min <= key.max ? { min: key.min, max: key.max } : {}),
        meanLength:
          key.texts.reduce((sum, text) => sum + text.length, 0) / Math.max(1, key.texts.length),
      },
    };
  });
}

/** The narrowest type that holds the sampled values. */
function typeOf(key: KeyProfile): ColumnType {
  const kinds = [...key.kinds];
  const all = (...allowed: readonly Kind[]): boolean =>
    kinds.length > 0 && kinds.every((kind) => allowed.includes(kind));
  if (all(Kind.True, Kind.False)) return "boolean";
  if (all(Kind.Number, Kind.NonFinite)) {
    if (hintsTime(key.path) && all(Kind.Number) && timeOf(key) !== null) return "timestamp";
    if (key.fractions > 0 || kinds.includes(Kind.NonFinite)) return "double";
    // Integers beyond 64 bits are identifiers.
    return key.texts.every((text) => BigInt.asIntN(64, BigInt(text)) === BigInt(text))
      ? "bigint"
      : "varchar";
  }
  if (all(Kind.String)) {
    const dated = key.texts.some((text) => /\D/.test(text)) || hintsTime(key.path);
    if (dated && timeOf(key) !== null) return "timestamp";
  }
  return "varchar";
}

/** Rows of a table whose columns are the keys of the sample, and one more for all others. */
export class OwnRows implements RowWriter {
  badTimes = 0;
  readonly #byPath: Map<string, number>;
  readonly #values = new Values();
  readonly #rest = new Rest();

  constructor(
    readonly builder: BatchBuilder,
    readonly columns: readonly OwnColumn[],
  ) {
    this.#byPath = new Map(columns.map((column, i) => [column.path, i]));
  }

  place(key: Key): void {
    key.slot = this.#byPath.get(key.path) ?? -1;
    key.opens = true;
  }

  value(key: Key, kind: Kind, start: number, end: number): void {
    this.#values.add(key, kind, start, end);
  }

  drop(): void {
    this.#values.count = 0;
  }

  write(bytes: Uint8Array, bare: boolean): void {
    const values = this.#values;
    this.#rest.clear();
    for (let i = 0; i < values.count; i++) {
      const key = values.keys[i];
      const kind = values.kinds[i] ?? Kind.Null;
      const start = values.starts[i] ?? 0;
      const end = values.ends[i] ?? 0;
      if (key === undefined) break;
      const column = key.slot < 0 ? undefined : this.columns[key.slot];
      if (column === undefined) this.#rest.add(key, bytes, kind, start, end, bare);
      else if (kind !== Kind.Null) this.#cell(key.slot, column, bytes, kind, start, end, bare);
    }
    if (this.#rest.length > 0)
      this.builder.utf8Bytes(this.columns.length, this.#rest.bytes, 0, this.#rest.length);
    this.drop();
  }

  #cell(
    c: number,
    column: OwnColumn,
    bytes: Uint8Array,
    kind: Kind,
    start: number,
    end: number,
    bare: boolean,
  ): void {
    switch (column.type) {
      case "bigint":
        if (kind === Kind.NonFinite) throw new WidenColumn(column.name, "double");
        if (kind !== Kind.Number) throw new WidenColumn(column.name, "varchar");
        this.#integer(c, column, bytes, start, end);
        return;
      case "double":
        if (kind === Kind.NonFinite) this.builder.double(c, nonFinite(bytes, start));
        else if (kind === Kind.Number)
          this.builder.double(c, Number(stringOf(bytes, kind, start, end)));
        else throw new WidenColumn(column.name, "varchar");
        return;
      case "boolean":
        if (kind !== Kind.True && kind !== Kind.False)
          throw new WidenColumn(column.name, "varchar");
        this.builder.boolean(c, kind === Kind.True);
        return;
      case "timestamp": {
        if (kind === Kind.String && start === end) return;
        const micros = column.times.read(bytes, kind, start, end);
        if (Number.isNaN(micros)) throw new WidenColumn(column.name, "varchar");
        this.builder.timestamp(c, micros);
        return;
      }
      case "varchar":
        if (kind === Kind.Escaped) this.builder.utf8(c, stringOf(bytes, kind, start, end));
        else if (bare && (kind === Kind.Object || kind === Kind.Array)) {
          this.builder.utf8(c, withoutBareNumbers(stringOf(bytes, kind, start, end)));
        } else this.builder.utf8Bytes(c, bytes, start, end);
    }
  }

  #integer(c: number, column: OwnColumn, bytes: Uint8Array, start: number, end: number): void {
    const text = stringOf(bytes, Kind.Number, start, end);
    if (!/^-?\d+$/.test(text)) throw new WidenColumn(column.name, "double");
    if (end - start <= 15) {
      this.builder.bigint(c, Number(text));
      return;
    }
    const value = BigInt(text);
    if (BigInt.asIntN(64, value) !== value) throw new WidenColumn(column.name, "varchar");
    this.builder.bigint64(c, value);
  }
}
