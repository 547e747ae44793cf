/** A file whose records have times that another file's can be held against. */
export interface ClockSource {
  readonly evidenceId: string;
  readonly rows: number;
  /** µs UTC. */
  readonly from: number;
  readonly to: number;
}

/** How much alike two sources are when one is moved by a lag. */
export interface LagPoint {
  /** µs added to the times of the second source. */
  readonly lag: number;
  /** In noise units (rates), or the share of matched records (identifiers). */
  readonly value: number;
}

/** The clocks of two files, held against each other. */
export interface ClockPair {
  readonly first: string;
  readonly second: string;
  readonly method: "identifiers" | "rates";
  /** µs to add to the second source's times so that they agree with the first's; null where nothing can tell. */
  readonly offset: number | null;
  /** 95 % interval of it. */
  readonly low: number;
  readonly high: number;
  /** Identifiers in both, or stretches of time that agree. */
  readonly matched: number;
  /** Peak in noise units (rates), or the share of records within a second of the offset (identifiers). */
  readonly strength: number;
  /** `offer`: apart; `agree`: not apart; `unclear`: nothing to go by. */
  readonly verdict: "offer" | "agree" | "unclear";
  /** In words, with the numbers. */
  readonly why: string;
  /** For the picture; empty where nothing was found. */
  readonly curve: readonly LagPoint[];
}

/** The clocks of a case's sources, two by two. */
export interface ClockSkew {
  readonly sources: readonly ClockSource[];
  /** Those that are apart first. */
  readonly pairs: readonly ClockPair[];
  /** What was not looked at, in sentences. */
  readonly limits: readonly string[];
}
