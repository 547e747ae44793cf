import { FieldsBuffer } from "../text-log/fields.ts";
import { textOf } from "../text-log/bytes.ts";
import { Kind, type Key } from "./scan.ts";
import { withoutBareNumbers } from "./values.ts";

/** Values of one object, by position, until the object has ended. */
export class Values {
  count = 0;
  readonly keys: Key[] = [];
  readonly kinds: Kind[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];

  add(key: Key, kind: Kind, start: number, end: number): void {
    const i = this.count++;
    this.keys[i] = key;
    this.kinds[i] = kind;
    this.starts[i] = start;
    this.ends[i] = end;
  }
}

/** JSON object of the values that have no column: the original bytes of each. */
export class Rest {
  readonly #buffer = new FieldsBuffer();

  get length(): number {
    return this.#buffer.length;
  }

  get bytes(): Uint8Array {
    return this.#buffer.bytes;
  }

  clear(): void {
    this.#buffer.clear();
  }

  /** `bare`: the object holds NaN or Infinity, which JSON does not have; they become texts. */
  add(key: Key, bytes: Uint8Array, kind: Kind, start: number, end: number, bare: boolean): void {
    const quoted = kind === Kind.String || kind === Kind.Escaped ? 1 : 0;
    if (bare && quoted === 0)
      this.#buffer.addJson(key.label, withoutBareNumbers(textOf(bytes, start, end)));
    else this.#buffer.addRange(key.label, bytes, start - quoted, end + quoted);
  }
}
