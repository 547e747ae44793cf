import type { Estimate } from "../../model/model-checks.ts";
import type { Reconstruction, ReconstructionPoint } from "../../model/multivariate.ts";
import { bucketOf } from "../buckets.ts";
import { cohensD, moments } from "../statistics/effect-sizes.ts";
import { normalTwoSidedP } from "../statistics/special-functions.ts";
import { confirmedVerdict, sizeScore, sizeVerdict } from "../verdict.ts";
import { componentValues, shuffledPlaces } from "./encoding.ts";
import { fitComponents, reconstructionErrors } from "./principal-components.ts";
import type { Sample, SampleColumn } from "./sample.ts";
import { sampleUniform } from "./usual-parts.ts";

/** Rows that a bucket has on average where there are enough, and at least. */
const BUCKET_ROWS = 150;
const LEAST_BUCKET_ROWS = 10;
/** Buckets over both windows: with few rows rather small ones than none to compare. */
const FEWEST_BUCKETS = 20;
const MOST_BUCKETS = 60;
/** Buckets of the baseline from which its usual range is known. */
const LEAST_BUCKETS = 5;
/** Rows per column that the components are fitted on, at least. */
const ROWS_PER_COLUMN = 5;
const BAND_DEVIATIONS = 3;

/**
 * Whether rows are still made of what the baseline's rows are made of: the
 * distance of a row from the space of the baseline's principal components, per
 * bucket of time; as NannyML's data reconstruction drift (standardised columns,
 * categories by frequency, 65 % of the variance, three standard deviations of the
 * baseline's buckets). Other than there the components come from one half of the
 * baseline's rows, drawn by chance, and its usual errors from the other half: the
 * error of rows that were fitted on is too small. Null with too few rows or columns.
 */
export function reconstruction(
  sample: Sample,
  columns: readonly SampleColumn[],
): Reconstruction | null {
  const places = Int32Array.from({ length: sample.rows.baseline }, (_, k) => k);
  const mixed = shuffledPlaces(places, sampleUniform());
  const fitted = mixed.slice(0, Math.floor(mixed.length / 2));
  const held = mixed.slice(fitted.length);
  if (columns.length < 2 || fitted.length < ROWS_PER_COLUMN * columns.length) return null;
  const values = columns.map((c) => componentValues(c, fitted));
  const components = fitComponents(values, fitted);
  if (components === null) return null;
  const after = Int32Array.from(
    { length: sample.rows.incident },
    (_, k) => sample.rows.baseline + k,
  );
  const errors = {
    baseline: reconstructionErrors(values, held, components),
    incident: reconstructionErrors(values, after, components),
  };
  const before = moments(errors.baseline);
  const now = moments(errors.incident);
  const effect = cohensD(before, now);
  if (before === null || now === null || effect === null || !Number.isFinite(effect)) return null;
  const bucket = bucketWidth(sample, held.length + after.length);
  const raw =
    bucket === null || sample.times === null
      ? []
      : [
          ...bucketMeans("baseline", errors.baseline, held, sample.times, bucket),
          ...bucketMeans("incident", errors.incident, after, sample.times, bucket),
        ];
  const band = bandOf(raw);
  const points = raw.map((point) => ({
    ...point,
    outside: band !== null && (point.error < band.low || point.error > band.high),
  }));
  const z =
    (now.mean - before.mean) /
    Math.hypot(now.sd / Math.sqrt(now.n), before.sd / Math.sqrt(before.n));
  const bySize = confirmedVerdict(
    sizeVerdict("reconstruction_error", effect),
    Number.isNaN(z) ? 1 : normalTwoSidedP(z),
  );
  const incident = points.filter((p) => p.window === "incident");
  const mostlyUsual =
    band !== null && incident.filter((p) => p.outside).length < incident.length / 2;
  return {
    columns: columns.map((c) => c.column.name),
    components: components.components.length,
    explained: components.explained,
    bucket,
    points,
    band,
    baselineError: before.mean,
    incidentError: now.mean,
    effect,
    verdict: mostlyUsual ? "none" : bySize,
  };
}

/** On the scale that all effects share. */
export function reconstructionScore({ effect }: Reconstruction): number {
  return sizeScore("reconstruction_error", effect);
}

/** So that a bucket has `BUCKET_ROWS` on average, of the time that both windows cover. */
function bucketWidth({ times, rows }: Sample, used: number): number | null {
  if (times === null) return null;
  const covered = spanOf(times.subarray(0, rows.baseline)) + spanOf(times.subarray(rows.baseline));
  if (!(covered > 0)) return null;
  const count = Math.max(FEWEST_BUCKETS, Math.min(MOST_BUCKETS, Math.floor(used / BUCKET_ROWS)));
  return bucketOf({ from: 0, to: covered }, count);
}

function spanOf(times: Float64Array): number {
  let from = Infinity;
  let to = -Infinity;
  for (const t of times) {
    if (t < from) from = t;
    if (t > to) to = t;
  }
  return to > from ? to - from : 0;
}

function bucketMeans(
  window: ReconstructionPoint["window"],
  errors: Float64Array,
  rows: Int32Array,
  times: Float64Array,
  bucket: number,
): Omit<ReconstructionPoint, "outside">[] {
  const buckets = new Map<number, number[]>();
  rows.forEach((row, k) => {
    const time = times[row] ?? NaN;
    if (Number.isNaN(time)) return;
    const place = Math.floor(time / bucket);
    const list = buckets.get(place) ?? [];
    list.push(errors[k] ?? 0);
    buckets.set(place, list);
  });
  return [...buckets]
    .sort(([a], [b]) => a - b)
    .flatMap(([place, list]) => {
      const m = moments(Float64Array.from(list));
      if (m === null || m.n < LEAST_BUCKET_ROWS) return [];
      return [
        {
          window,
          from: place * bucket,
          to: (place + 1) * bucket,
          rows: m.n,
          error: m.mean,
          standardError: m.sd / Math.sqrt(m.n),
        },
      ];
    });
}

/** Mean of the baseline's buckets and three standard deviations (n) of them; not below 0. */
function bandOf(points: readonly Omit<ReconstructionPoint, "outside">[]): Estimate | null {
  const errors = points.filter((p) => p.window === "baseline").map((p) => p.error);
  return errors.length < LEAST_BUCKETS ? null : usualBand(errors);
}

/**
 * Mean of the errors of chunks, with three standard deviations (n) below, though
 * not below 0, and above; as NannyML's StandardDeviationThreshold.
 */
export function usualBand(errors: readonly number[]): Estimate {
  const mean = errors.reduce((s, e) => s + e, 0) / errors.length;
  const deviation = Math.sqrt(errors.reduce((s, e) => s + (e - mean) ** 2, 0) / errors.length);
  return {
    value: mean,
    low: Math.max(0, mean - BAND_DEVIATIONS * deviation),
    high: mean + BAND_DEVIATIONS * deviation,
  };
}
