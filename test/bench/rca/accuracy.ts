/** Accuracy of rankings as BARO and RCAEval report it. */
export interface Accuracy {
  readonly cases: number;
  /** Share of cases with the root cause among the first 1, 3 and 5. */
  readonly ac1: number;
  readonly ac3: number;
  readonly ac5: number;
  /** Mean of AC@1 to AC@5. */
  readonly avg5: number;
}

/** @param places 0-based place of the root cause in each ranking, null where it is not in it */
export function accuracyOf(places: readonly (number | null)[]): Accuracy {
  const within = (k: number) =>
    places.length === 0
      ? NaN
      : places.filter((place) => place !== null && place < k).length / places.length;
  const all = [1, 2, 3, 4, 5].map(within);
  return {
    cases: places.length,
    ac1: within(1),
    ac3: within(3),
    ac5: within(5),
    avg5: all.reduce((sum, x) => sum + x, 0) / all.length,
  };
}

/** Place of the first entry that fits. */
export function placeOf<T>(ranking: readonly T[], fits: (entry: T) => boolean): number | null {
  const place = ranking.findIndex(fits);
  return place < 0 ? null : place;
}

/** Each once, at its first place. */
export function firstPlaces(names: readonly string[]): string[] {
  return [...new Set(names)];
}
