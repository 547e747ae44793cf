import type { BatchBuilder } from "../../tables/batch.ts";
import type { Level } from "../text-log/levels.ts";
import { textOf } from "../text-log/bytes.ts";
import { seriesKey } from "../series-key.ts";
import { leadsTo, PARTS, rankOf, type Part } from "./keys.ts";
import { bestKey, mostlyTimeOf, type Profile } from "./profile.ts";
import { Rest, Values } from "./rest.ts";
import { Kind, stringOf, type Key } from "./scan.ts";
import { levelOf, type TimeReader } from "./values.ts";

export type FixedTarget = keyof typeof PARTS;

/** What a row writer does with the values of one object. */
export interface RowWriter {
  /** Tells where the values of a new key go. */
  place(key: Key): void;
  value(key: Key, kind: Kind, start: number, end: number): void;
  /** Forgets the values of an object that turned out not to be valid. */
  drop(): void;
  /** Sets the cells of the row, provenance aside. */
  write(bytes: Uint8Array, bare: boolean): void;
  /** Objects whose time could not be read. */
  badTimes: number;
}

/** Column of each part in the tables. */
const COLUMNS: Record<FixedTarget, Partial<Record<Part, number>>> = {
  logs: { time: 0, level: 1, service: 2, host: 3, message: 4 },
  metrics: { time: 0, name: 2, service: 3, value: 4, unit: 5 },
  events: { time: 0, kind: 1, title: 2, service: 3, detail: 4 },
};
const SERIES = 1;
const FIELDS = 5;

/** Parts by path, as the sample suggests; every other key that could be a part is one by its own name. */
export function assignParts(profile: Profile, target: FixedTarget): Map<string, Part> {
  const assigned = new Map<string, Part>();
  for (const part of PARTS[target]) {
    const best = bestKey(profile, part, (key) => {
      if (assigned.has(key.path)) return false;
      if (part === "time") return mostlyTimeOf(key) !== null;
      if (part === "service" || part === "host") return !key.kinds.has(Kind.Object);
      return true;
    });
    if (best !== null) assigned.set(best.path, part);
  }
  return assigned;
}

/** Rows of `logs`, `metrics` (one sample an object) or `events`. */
export class FixedRows implements RowWriter {
  badTimes = 0;
  readonly #parts: readonly Part[];
  readonly #values = new Values();
  readonly #rest = new Rest();
  /** Index into the values, by slot; -1 where the object has none. */
  readonly #best: Int32Array;

  constructor(
    readonly target: FixedTarget,
    readonly builder: BatchBuilder,
    readonly assigned: ReadonlyMap<string, Part>,
    readonly times: TimeReader,
    /** What rows get whose object does not say it. */
    readonly defaults: { readonly service: string | undefined; readonly kind: string | null },
  ) {
    this.#parts = PARTS[target];
    this.#best = new Int32Array(this.#parts.length).fill(-1);
  }

  place(key: Key): void {
    key.opens = leadsTo(this.#parts, key.path);
    const part = this.assigned.get(key.path);
    key.slot =
      part === undefined
        ? this.#parts.findIndex((p) => rankOf(p, key.path) >= 0)
        : this.#parts.indexOf(part);
    const own = this.#parts[key.slot];
    // The key that the sample chose is preferred to all others.
    key.rank = part === undefined && own !== undefined ? rankOf(own, key.path) + 1 : 0;
  }

  value(key: Key, kind: Kind, start: number, end: number): void {
    const values = this.#values;
    const slot = key.slot;
    if (slot >= 0 && kind !== Kind.Null) {
      const before = this.#best[slot] ?? -1;
      if (before < 0 || key.rank < (values.keys[before]?.rank ?? 0))
        this.#best[slot] = values.count;
    }
    values.add(key, kind, start, end);
  }

  drop(): void {
    this.#values.count = 0;
    this.#best.fill(-1);
  }

  write(bytes: Uint8Array, bare: boolean): void {
    const values = this.#values;
    this.#rest.clear();
    const labels: [string, string][] = [];
    for (let i = 0; i < values.count; i++) {
      const key = values.keys[i];
      const kind = values.kinds[i] ?? Kind.Null;
      const start = values.starts[i] ?? 0;
      const end = values.ends[i] ?? 0;
      if (key === undefined) break;
      const chosen = key.slot >= 0 && this.#best[key.slot] === i;
      if (chosen && this.#cell(key, bytes, kind, start, end, labels)) continue;
      if (this.target !== "metrics") this.#rest.add(key, bytes, kind, start, end, bare);
      else if (kind !== Kind.Null) labels.push([key.path, stringOf(bytes, kind, start, end)]);
    }
    this.#finish(labels);
    this.drop();
  }

  /** Sets the cell of a part; false when the value does not fit there. */
  #cell(
    key: Key,
    bytes: Uint8Array,
    kind: Kind,
    start: number,
    end: number,
    labels: [string, string][],
  ): boolean {
    const part = this.#parts[key.slot];
    const column = part === undefined ? undefined : COLUMNS[this.target][part];
    if (part === undefined || column === undefined) return false;
    switch (part) {
      case "time": {
        const micros = this.times.read(bytes, kind, start, end);
        if (Number.isNaN(micros)) this.badTimes++;
        else this.builder.timestamp(column, micros);
        return !Number.isNaN(micros);
      }
      case "level":
        return this.#level(column, levelOf(key, bytes, kind, start, end));
      case "value": {
        const value =
          kind === Kind.NonFinite
            ? nonFinite(bytes, start)
            : Number(stringOf(bytes, kind, start, end));
        if (kind !== Kind.NonFinite && Number.isNaN(value)) return false;
        this.builder.double(column, value);
        return true;
      }
      case "message":
      case "title":
      case "detail":
        this.#text(column, bytes, kind, start, trimmedEnd(bytes, kind, start, end));
        return true;
      case "service":
      case "host":
      case "name":
      case "kind":
      case "unit":
        if (kind === Kind.Object || kind === Kind.Array) return false;
        this.#text(column, bytes, kind, start, end);
        if (part === "service" && this.target === "metrics")
          labels.push([key.path, stringOf(bytes, kind, start, end)]);
        if (part === "name") this.#name = stringOf(bytes, kind, start, end);
        return true;
    }
  }

  #name = "";

  #level(column: number, level: Level | null): boolean {
    if (level === null) return false;
    this.builder.utf8(column, level);
    return true;
  }

  #text(column: number, bytes: Uint8Array, kind: Kind, start: number, end: number): void {
    if (kind === Kind.Escaped) this.builder.utf8(column, stringOf(bytes, kind, start, end));
    else this.builder.utf8Bytes(column, bytes, start, end);
  }

  #finish(labels: [string, string][]): void {
    const service = this.#parts.indexOf("service");
    if (this.defaults.service !== undefined && (this.#best[service] ?? -1) < 0) {
      this.builder.utf8(COLUMNS[this.target].service ?? 0, this.defaults.service);
    }
    const kind = this.#parts.indexOf("kind");
    if (this.defaults.kind !== null && (this.#best[kind] ?? -1) < 0) {
      this.builder.utf8(COLUMNS[this.target].kind ?? 0, this.defaults.kind);
    }
    if (this.target === "metrics") {
      this.builder.utf8(SERIES, seriesKey(this.#name === "" ? "value" : this.#name, labels));
      if (this.#name === "") this.builder.utf8(2, "value");
      this.#name = "";
    } else if (this.#rest.length > 0) {
      this.builder.utf8Bytes(FIELDS, this.#rest.bytes, 0, this.#rest.length);
    }
  }
}

export function nonFinite(bytes: Uint8Array, start: number): number {
  const first = bytes[start];
  return first === 0x4e ? NaN : first === 0x2d ? -Infinity : Infinity;
}

/** Container runtimes end the text with a line break, written `\n`. */
function trimmedEnd(bytes: Uint8Array, kind: Kind, start: number, end: number): number {
  const cut = kind === Kind.Escaped && textOf(bytes, Math.max(start, end - 3), end).endsWith("\\n");
  return cut && bytes[end - 3] !== 0x5c ? end - 2 : end;
}
