/** What kind of JSON value a range of bytes holds. */
export enum Kind {
  /** The range stands between the quotes. */
  String,
  /** As `String`, with escapes in it. */
  Escaped,
  Number,
  True,
  False,
  Null,
  /** Bare `NaN`, `Infinity`, `-Infinity`, as Python writes them. */
  NonFinite,
  Array,
  Object,
}

/** A key of an object, and what a table does with its values. */
export class Key {
  /** Keys below this one, where its objects are looked into. */
  readonly children = new Map<string, Key>();
  /** The key that came after this one last time, among its siblings. */
  next: Key | null = null;
  /** The first key below this one last time. */
  first: Key | null = null;
  /** Where values go; -1: among the rest. */
  slot = -1;
  /** Among keys of the same slot the lowest wins. */
  rank = 0;
  /** Objects are looked into rather than taken as a whole. */
  opens = false;
  readonly name: Uint8Array;
  /** `"path":` as it is written among the rest. */
  readonly label: Uint8Array;

  constructor(
    readonly path: string,
    name: string,
  ) {
    this.name = encoder.encode(name);
    this.label = encoder.encode(`${JSON.stringify(path)}:`);
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export type OnValue = (key: Key, kind: Kind, start: number, end: number) => void;

/** Objects below this depth are taken as a whole. */
const MAX_DEPTH = 12;
/** A file with more different keys keeps the further ones out of memory. */
const MAX_KEYS = 100_000;

/**
 * Reads JSON objects from bytes without building them: tells each value of
 * the keys that a table wants, as a range of bytes, and checks all the rest
 * by RFC 8259 (and bare NaN and Infinity).
 */
export class ObjectScanner {
  /** Where the last object ended, or where it stopped being JSON. */
  at = 0;
  /** The last object holds bare `NaN` or `Infinity`. */
  bare = false;
  #bytes: Uint8Array = new Uint8Array(0);
  #end = 0;
  #kind = Kind.Null;
  #from = 0;
  #to = 0;
  #keys = 0;

  constructor(
    readonly root: Key,
    /** Called once for each new key. */
    readonly onKey: (key: Key) => void,
    readonly onValue: OnValue,
  ) {}

  /** Reads one object that begins at `start` (after blanks); false when it is not valid. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.#bytes = bytes;
    this.#end = end;
    this.at = start;
    this.bare = false;
    this.#blanks();
    return this.#bytes[this.at] === 0x7b && this.at < end && this.#object(this.root, 0);
  }

  #blanks(): void {
    const bytes = this.#bytes;
    let at = this.at;
    while (at < this.#end) {
      const byte = bytes[at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
      at++;
    }
    this.at = at;
  }

  #byte(): number {
    return this.at < this.#end ? (this.#bytes[this.at] ?? 0) : 0;
  }

  /** An object whose keys are told. */
  #object(parent: Key, depth: number): boolean {
    this.at++;
    this.#blanks();
    if (this.#byte() === 0x7d) {
      this.at++;
      return true;
    }
    let previous: Key | null = null;
    for (;;) {
      if (this.#byte() !== 0x22) return false;
      const guess: Key | null = previous === null ? parent.first : previous.next;
      const key: Key | null = this.#key(parent, guess);
      if (key === null) return false;
      if (previous === null) parent.first = key;
      else previous.next = key;
      previous = key;
      this.#blanks();
      if (this.#byte() !== 0x3a) return false;
      this.at++;
      this.#blanks();
      if (key.opens && this.#byte() === 0x7b && depth < MAX_DEPTH && !this.#isEmpty()) {
        if (!this.#object(key, depth + 1)) return false;
      } else {
        if (!this.#value(depth + 1)) return false;
        this.onValue(key, this.#kind, this.#from, this.#to);
      }
      this.#blanks();
      const byte = this.#byte();
      this.at++;
      if (byte === 0x7d) return true;
      if (byte !== 0x2c) {
        this.at--;
        return false;
      }
      this.#blanks();
    }
  }

  #isEmpty(): boolean {
    let at = this.at + 1;
    while (at < this.#end && (this.#bytes[at] ?? 0) <= 0x20) at++;
    return this.#bytes[at] === 0x7d;
  }

  /** The key at the cursor; keys mostly come in the order of the record before. */
  #key(parent: Key, guess: Key | null): Key | null {
    if (guess !== null) {
      const name = guess.name;
      const from = this.at + 1;
      const to = from + name.length;
      if (to < this.#end && this.#bytes[to] === 0x22) {
        let i = 0;
        while (i < name.length && this.#bytes[from + i] === name[i]) i++;
        if (i === name.length) {
          this.at = to + 1;
          return guess;
        }
      }
    }
    if (!this.#string()) return null;
    const raw = decoder.decode(this.#bytes.subarray(this.#from, this.#to));
    const name = this.#kind === Kind.Escaped ? (JSON.parse(`"${raw}"`) as string) : raw;
    return this.#child(parent, name);
  }

  #child(parent: Key, name: string): Key {
    let key = parent.children.get(name);
    if (key === undefined) {
      key = new Key(parent.path === "" ? name : `${parent.path}.${name}`, name);
      if (this.#keys++ < MAX_KEYS) {
        parent.children.set(name, key);
        this.onKey(key);
      }
    }
    return key;
  }

  /** A value of any kind; its range is left in `#from` and `#to`. */
  #value(depth: number): boolean {
    const from = this.at;
    switch (this.#byte()) {
      case 0x22:
        return this.#string();
      case 0x7b:
        if (depth > 500 || !this.#skipObject(depth)) return false;
        return this.#found(Kind.Object, from);
      case 0x5b:
        if (depth > 500 || !this.#skipArray(depth)) return false;
        return this.#found(Kind.Array, from);
      case 0x74:
        return this.#word("true", Kind.True);
      case 0x66:
        return this.#word("false", Kind.False);
      case 0x6e:
        return this.#word("null", Kind.Null);
      case 0x4e:
        return this.#word("NaN", Kind.NonFinite);
      case 0x49:
        return this.#word("Infinity", Kind.NonFinite);
      default:
        return this.#number();
    }
  }

  #found(kind: Kind, from: number): boolean {
    this.#kind = kind;
    if (kind === Kind.NonFinite) this.bare = true;
    this.#from = from;
    this.#to = this.at;
    return true;
  }

  #word(word: string, kind: Kind): boolean {
    const from = this.at;
    for (let i = 0; i < word.length; i++) {
      if (this.#byte() !== word.charCodeAt(i)) return false;
      this.at++;
    }
    return this.#found(kind, from);
  }

  #number(): boolean {
    const from = this.at;
    if (this.#byte() === 0x2d) {
      this.at++;
      if (this.#byte() === 0x49) {
        if (!this.#word("Infinity", Kind.NonFinite)) return false;
        return this.#found(Kind.NonFinite, from);
      }
    }
    const zero = this.#byte() === 0x30;
    const whole = this.#digits();
    if (whole === 0 || (zero && whole > 1)) return false;
    if (this.#byte() === 0x2e) {
      this.at++;
      if (this.#digits() === 0) return false;
    }
    if ((this.#byte() | 0x20) === 0x65) {
      this.at++;
      if (this.#byte() === 0x2b || this.#byte() === 0x2d) this.at++;
      if (this.#digits() === 0) return false;
    }
    return this.#found(Kind.Number, from);
  }

  #digits(): number {
    const from = this.at;
    while (this.at < this.#end) {
      const byte = this.#bytes[this.at] ?? 0;
      if (byte < 0x30 || byte > 0x39) break;
      this.at++;
    }
    return this.at - from;
  }

  #string(): boolean {
    const bytes = this.#bytes;
    const end = this.#end;
    const from = this.at + 1;
    let escaped = false;
    for (let at = from; at < end; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === 0x22) {
        this.#kind = escaped ? Kind.Escaped : Kind.String;
        this.#from = from;
        this.#to = at;
        this.at = at + 1;
        return true;
      }
      if (byte < 0x20) {
        this.at = at;
        return false;
      }
      if (byte === 0x5c) {
        escaped = true;
        at++;
        if (!isEscape(bytes, at, end)) {
          this.at = at;
          return false;
        }
      }
    }
    this.at = end;
    return false;
  }

  #skipObject(depth: number): boolean {
    this.at++;
    this.#blanks();
    if (this.#byte() === 0x7d) {
      this.at++;
      return true;
    }
    for (;;) {
      if (this.#byte() !== 0x22 || !this.#string()) return false;
      this.#blanks();
      if (this.#byte() !== 0x3a) return false;
      this.at++;
      this.#blanks();
      if (!this.#value(depth + 1)) return false;
      this.#blanks();
      const byte = this.#byte();
      if (byte === 0x7d) {
        this.at++;
        return true;
      }
      if (byte !== 0x2c) return false;
      this.at++;
      this.#blanks();
    }
  }

  #skipArray(depth: number): boolean {
    this.at++;
    this.#blanks();
    if (this.#byte() === 0x5d) {
      this.at++;
      return true;
    }
    for (;;) {
      if (!this.#value(depth + 1)) return false;
      this.#blanks();
      const byte = this.#byte();
      if (byte === 0x5d) {
        this.at++;
        return true;
      }
      if (byte !== 0x2c) return false;
      this.at++;
      this.#blanks();
    }
  }
}

/** `"`, `\`, `/`, b, f, n, r, t, or u with four hexadecimal digits. */
function isEscape(bytes: Uint8Array, at: number, end: number): boolean {
  if (at >= end) return false;
  const byte = bytes[at] ?? 0;
  if (byte !== 0x75) {
    return (
      byte === 0x22 ||
      byte === 0x5c ||
      byte === 0x2f ||
      byte === 0x62 ||
      byte === 0x66 ||
      byte === 0x6e ||
      byte === 0x72 ||
      byte === 0x74
    );
  }
  if (at + 4 >= end) return false;
  for (let i = at + 1; i <= at + 4; i++) {
    const digit = (bytes[i] ?? 0) | 0x20;
    if (!((digit >= 0x30 && digit <= 0x39) || (digit >= 0x61 && digit <= 0x66))) return false;
  }
  return true;
}

/** Text of a string value. */
export function stringOf(bytes: Uint8Array, kind: Kind, start: number, end: number): string {
  const raw = decoder.decode(bytes.subarray(start, end));
  return kind === Kind.Escaped ? (JSON.parse(`"${raw}"`) as string) : raw;
}
