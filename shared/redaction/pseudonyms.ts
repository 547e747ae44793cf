import { markerOf, numberOfMarker } from "./markers.ts";
import { normaliseValue } from "./normalise.ts";
import type { RedactionKind } from "./sensitive.ts";

/** A value and what stands in its place in every export of the case. */
export interface GivenPseudonym {
  readonly kind: RedactionKind;
  /** As it was first met. */
  readonly value: string;
  readonly pseudonym: string;
}

export interface PseudonymEntry extends GivenPseudonym {
  /** How often it was asked for since this object was made. */
  readonly count: number;
}

/**
 * Pseudonyms of one case: `[email 1]`, `[ip 2]`, numbered by kind in the order
 * of first appearance. All spellings of a value (case of a mail address,
 * blanks of an account number, short IPv6 forms) have the same one. `existing`
 * keeps those of earlier exports.
 */
export class Pseudonyms {
  readonly #entries = new Map<
    string,
    { -readonly [K in keyof PseudonymEntry]: PseudonymEntry[K] }
  >();
  readonly #last = new Map<RedactionKind, number>();

  constructor(existing: readonly GivenPseudonym[] = []) {
    for (const { kind, value, pseudonym } of existing) {
      this.#entries.set(keyOf(kind, value), { kind, value, pseudonym, count: 0 });
      this.#last.set(kind, Math.max(this.#last.get(kind) ?? 0, numberOfMarker(pseudonym)));
    }
  }

  /** Number of values that have a pseudonym. */
  get size(): number {
    return this.#entries.size;
  }

  /** The pseudonym of a value; the next free one where it has none yet. Counts the use. */
  of(kind: RedactionKind, value: string): string {
    const key = keyOf(kind, value);
    let entry = this.#entries.get(key);
    if (!entry) {
      const number = (this.#last.get(kind) ?? 0) + 1;
      this.#last.set(kind, number);
      entry = { kind, value, pseudonym: markerOf(kind, number), count: 0 };
      this.#entries.set(key, entry);
    }
    entry.count++;
    return entry.pseudonym;
  }

  /** All values in the order in which they got their pseudonyms. */
  entries(): PseudonymEntry[] {
    return Array.from(this.#entries.values(), (entry) => ({ ...entry }));
  }
}

function keyOf(kind: RedactionKind, value: string): string {
  return `${kind} ${normaliseValue(kind, value)}`;
}
