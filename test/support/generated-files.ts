/** One record of a generated file: what it is, and a number that tells it from the others. */
export interface Drawn {
  /** 0 for a good record, else the number of a damage. */
  readonly damage: number;
  readonly number: number;
}

/** A file, or a folder of files by their paths. */
export type Made = string | Uint8Array | Readonly<Record<string, string | Uint8Array>>;

/** How files of one format are made of records. */
export interface FileFamily {
  /** Registry name of the importer. */
  readonly importer: string;
  /** What kind of file of the importer this is. */
  readonly kind: string;
  readonly file: string;
  /** What damages do to a record, in the order of their numbers from 1. */
  readonly damages: readonly string[];
  readonly make: (records: readonly Drawn[]) => Made | Promise<Made>;
  /** Lines before the first record, where each record stands on a line of its own. */
  readonly lines?: number;
  /** A record fills several rows. */
  readonly several?: true;
  /** Good records without which the file would be taken for another kind. */
  readonly lead?: number;
  /** Records that one drawn counts as, where that is not one. */
  readonly counts?: (record: Drawn) => number;
  /** Records beside those that were drawn. */
  readonly beside?: number;
}

/** 2026-03-01T10:00:00Z and as many seconds later, in seconds since 1970. */
export function secondsOf(record: Drawn): number {
  return 1_772_359_200 + record.number;
}

export function isoOf(record: Drawn): string {
  return new Date(secondsOf(record) * 1000).toISOString();
}
