import { HOUR } from "../../base/time.ts";

/**
 * Local times to UTC in the order of a series. Where clocks are set back, an
 * hour occurs twice; the zone alone names the first, and the order tells when
 * the second has begun.
 */
export class LocalSequence {
  #before = -Infinity;
  /** Times that were taken as the second occurrence. */
  repeated = 0;
  /** Times that run back by up to an hour although the zone's clocks were not set back. */
  backwards = 0;

  /** `toUtc`: from a local time (µs as if it were UTC) to UTC, the first where there are two. */
  constructor(readonly toUtc: (local: number) => number) {}

  /** UTC of the next time of the series: a local one, and the first instant it may mean. */
  next(local: number, first: number): number {
    let utc = first;
    if (first < this.#before) {
      const second = this.#second(local, first);
      if (second !== null && second >= this.#before) {
        utc = second;
        this.repeated++;
      } else if (this.#before - first <= HOUR) {
        this.backwards++;
      }
    }
    this.#before = utc;
    return utc;
  }

  /** The second instant that local clocks show this time at, or null where there is but one. */
  #second(local: number, first: number): number | null {
    // Clocks are set back by an hour, by half of one on Lord Howe Island.
    for (const shift of [HOUR, HOUR / 2])
      if (this.toUtc(local + shift) === first + 2 * shift) return first + shift;
    return null;
  }
}
