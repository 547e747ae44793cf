/** How firm an order of suspects is: other onsets, and other ways to rank. */
export interface Stability {
  /** Why there is none; then all else is empty. */
  readonly skipped: string | null;
  readonly subjects: readonly StabilitySubject[];
  /** Beginnings of the incident that were tried, µs UTC, ascending. */
  readonly onsets: readonly OnsetOrder[];
  /** Which of them is the case's own. */
  readonly given: number;
  readonly rankers: readonly RankerOrder[];
  /** Suspects that ranked first at every onset between these two, around the given one; µs UTC. */
  readonly firstHolds: { readonly from: number; readonly to: number } | null;
  /** Kendall's W of the rankers over the subjects that all of them rank: 0 chance, 1 the same order. */
  readonly agreement: number | null;
}

/** A suspect, whichever of its series leads. */
export interface StabilitySubject {
  /** Of the service, else of the column. */
  readonly name: string;
  readonly table: string;
  readonly isService: boolean;
  readonly isEvent: boolean;
}

export interface OnsetOrder {
  readonly at: number;
  /** Rank of each subject, from 1; null where it is no suspect then. */
  readonly ranks: readonly (number | null)[];
}

export interface RankerOrder {
  readonly id: "inquest" | "baro" | "n-sigma" | "onset" | "walk";
  readonly title: string;
  /** What it goes by, in a sentence. */
  readonly what: string;
  readonly ranks: readonly (number | null)[];
}
