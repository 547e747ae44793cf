/** What a person looks for in log lines. */
export interface LogSearch {
  readonly text: string;
  /** `regex` is RE2 as DuckDB has it: no look-around, no back-references. */
  readonly syntax: "plain" | "regex";
  readonly caseSensitive: boolean;
}

/** Columns of `logs` by whose values lines are kept or left out. */
export type LogField = "level" | "service" | "host";

/** Lines whose field has one of the values, or none of them. Null is "the line does not say". */
export interface LogCondition {
  readonly field: LogField;
  readonly values: readonly (string | null)[];
  readonly excluded: boolean;
}

/** Which lines are shown, apart from their time. All conditions hold together. */
export interface LogFilter {
  readonly conditions: readonly LogCondition[];
  /** Ids of shapes: only these; all where it is null. */
  readonly shapes: readonly number[] | null;
  /** Ids of shapes that are left out. */
  readonly withoutShapes: readonly number[];
  readonly search: LogSearch | null;
}

/**
 * Where a line stands in the order of all lines: by time, then evidence, then
 * line; lines without a time come last.
 */
export interface LogPlace {
  /** µs UTC. */
  readonly time: number | null;
  /** `E3` is 3. */
  readonly evidence: number;
  readonly line: number;
}

/** A stretch of the order: half-open in time (µs UTC), or of lines without a time in one file. */
export type LogSpan =
  | { readonly kind: "time"; readonly from: number; readonly to: number }
  | {
      readonly kind: "lines";
      readonly evidence: number;
      readonly from: number;
      readonly to: number;
    };

/** How many lines a stretch has; stretches follow each other without a gap that has lines. */
export interface LogSegment {
  readonly span: LogSpan;
  readonly lines: number;
  /** Of level error or fatal. */
  readonly errors: number;
  readonly warnings: number;
}

/** How many lines a filter leaves, and where they are. */
export interface LogIndex {
  readonly total: number;
  /** Lines without a time, at the end of the order. */
  readonly untimed: number;
  /** In order; none is empty. */
  readonly segments: readonly LogSegment[];
  /** Lines by level over time: width of a bucket in µs, starts of those that have lines. */
  readonly bucket: number;
  readonly times: readonly number[];
  /** Most severe first; a level that a line does not say is `other`. */
  readonly levels: readonly { readonly level: string; readonly counts: readonly number[] }[];
}

/** A line as the list shows it. Long texts are cut; `logLine` has all of it. */
export interface LogLine extends LogPlace {
  readonly level: string | null;
  readonly service: string | null;
  readonly host: string | null;
  /** Hits of the search stand between `HIT_START` and `HIT_END`. */
  readonly message: string;
  /** Further fields as JSON, hits marked too. */
  readonly fields: string | null;
  /** Byte offset of the record in the decompressed content; null for columnar files. */
  readonly offset: number | null;
  readonly shape: number | null;
  readonly isHit: boolean;
  /** The message or the fields were cut. */
  readonly isCut: boolean;
}

/** Characters for private use: no log has a reason to contain them, and they are valid in JSON. */
export const HIT_START = "\uE0F0";
export const HIT_END = "\uE0F1";
