import { HOUR, MINUTE, SECOND } from "../../base/time.ts";
import type { ClockPair, ClockSkew, LagPoint } from "../../model/clock-skew.ts";
import type { TableMeta } from "../../model/table.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { formatDuration } from "../sentences.ts";
import { throwIfCancelled } from "../table-task.ts";
import { rateLag, type Rate, type RateLag } from "./rate-lag.ts";
import { sharedIdentifiers, type SharedIdentifiers } from "./shared-identifiers.ts";
import { rateOf, skewSources, type SkewSource } from "./skew-sources.ts";

export interface ClockSkewInput {
  readonly tables: readonly TableMeta[];
}

/** Smaller offsets are as likely the way of a request from one service to the next. */
export const LEAST_OFFSET = 2 * SECOND;
/** Identifiers in common, so that their median is one. */
const LEAST_MATCHES = 5;
/** A clock is off by the same for all: the middle half may differ by so much of the offset. */
const MOST_SPREAD = 0.25;
/** Zones are up to 14 hours apart. */
const SEARCH = 14 * HOUR;
/** Buckets over both sources, at most: 41 days of minutes. */
const MOST_BUCKETS = 60_000;
/** In deviations: what the highest of 1,681 lags of unrelated rates does not reach (the test shows it). */
const LEAST_PEAK = 8;
const MOST_RIVAL = 0.7;
/** One burst in each source lines up by itself: several must. */
const LEAST_BLOCKS = 5;
const MOST_SHARE = 0.35;
/** Stretches that are looked at more closely, and the closer looks. */
const CLOSE_BLOCKS = 12;
const CLOSER: readonly { readonly bucket: number; readonly within: number }[] = [
  { bucket: SECOND, within: 90 * SECOND },
  { bucket: SECOND / 10, within: 4 * SECOND },
];
const LEAST_CLOSE_PEAK = 6;

/**
 * Clocks of files held against each other, two by two: by identifiers that both
 * have (the median of the differences), else by the rates of their records
 * (`rateLag`, in minutes over ±14 hours, then closer where they agree most). An
 * offset is offered from `LEAST_OFFSET` on and where the evidence is strong; it can
 * still be a real delay, and `why` says so. Throws `Fault<EngineError>`.
 */
export async function clockSkew(
  engine: Engine,
  { tables }: ClockSkewInput,
  options: QueryOptions = {},
): Promise<ClockSkew> {
  const { sources, leftOut } = await skewSources(engine, tables, options);
  const numbers = sources.map((s) => s.number);
  const shared = await sharedIdentifiers(engine, tables, numbers, options);
  const pairs: ClockPair[] = [];
  const all = sources.flatMap((a, k) => sources.slice(k + 1).map((b) => ordered(a, b)));
  for (const [k, [a, b]] of all.entries()) {
    throwIfCancelled(options);
    const ids = shared.find((s) => s.first === a.number && s.second === b.number);
    const byIds = ids === undefined ? null : identifierPair(a, b, ids);
    pairs.push(byIds ?? (await ratePair(engine, a, b, options)));
    options.onProgress?.((k + 1) / all.length);
  }
  const order = ["offer", "agree", "unclear"];
  return {
    sources: sources.map(({ evidenceId, rows, from, to }) => ({ evidenceId, rows, from, to })),
    pairs: pairs.sort(
      (x, y) => order.indexOf(x.verdict) - order.indexOf(y.verdict) || y.strength - x.strength,
    ),
    limits:
      leftOut === 0
        ? []
        : [
            `${String(leftOut)} further files were not looked at: the eight with most records were.`,
          ],
  };
}

function ordered(a: SkewSource, b: SkewSource): readonly [SkewSource, SkewSource] {
  return a.number < b.number ? [a, b] : [b, a];
}

/** Null where there are too few identifiers, or they stand apart by differing amounts. */
function identifierPair(
  a: SkewSource,
  b: SkewSource,
  { matched, q1, median, q3, near, halves }: SharedIdentifiers,
): ClockPair | null {
  if (matched < LEAST_MATCHES) return null;
  const spread = q3 - q1;
  if (spread > Math.max(SECOND, MOST_SPREAD * Math.abs(median))) return null;
  // McGill, Tukey, Larsen (1978): 95 % interval of a median.
  const half = (1.57 * spread) / Math.sqrt(matched);
  const [earlier, later] = halves;
  const drift =
    Math.abs(later - earlier) > Math.max(LEAST_OFFSET, 6 * half)
      ? ` It is ${signed(earlier)} in the earlier half and ${signed(later)} in the later: one clock drifts, and one offset does not put it right.`
      : "";
  return {
    ...{ first: a.evidenceId, second: b.evidenceId, method: "identifiers", matched },
    ...{ offset: median, low: median - half, high: median + half, strength: near },
    verdict: Math.abs(median) >= LEAST_OFFSET ? "offer" : "agree",
    why: `${String(matched)} identifiers are in both; for the middle half of them the times differ by ${signed(q1)} to ${signed(q3)}.${drift}`,
    curve: [
      { lag: q1, value: 0.5 },
      { lag: median, value: 1 },
      { lag: q3, value: 0.5 },
    ],
  };
}

async function ratePair(
  engine: Engine,
  a: SkewSource,
  b: SkewSource,
  options: QueryOptions,
): Promise<ClockPair> {
  const unclear = (why: string, curve: readonly LagPoint[] = []): ClockPair => ({
    ...{
      first: a.evidenceId,
      second: b.evidenceId,
      method: "rates",
      offset: null,
      low: 0,
      high: 0,
    },
    ...{ matched: 0, strength: 0, verdict: "unclear", why, curve },
  });
  const apart = Math.max(a.from, b.from) - Math.min(a.to, b.to);
  if (apart > SEARCH) return unclear("They are of different times.");
  const span = Math.max(a.to, b.to) - Math.min(a.from, b.from);
  const bucket = MINUTE * Math.max(1, Math.ceil(span / MOST_BUCKETS / MINUTE));
  const rates = await Promise.all(
    [a, b].map((s) => rateOf(engine, s, { from: s.from, to: s.to + 1 }, bucket, options)),
  );
  const [first, second] = rates as [Rate, Rate];
  const most = Math.ceil(SEARCH / bucket);
  const found = rateLag([[first, second]], [-most, most], 0);
  if (found === null) return unclear("They share no stretch of time in which their rates vary.");
  const curve = found.curve.map(({ lag, value }) => ({ lag: lag * bucket, value }));
  const weak = weakness(found, LEAST_PEAK);
  if (weak !== null) return unclear(weak, thinned(curve));
  const close = await closer(engine, a, b, found, bucket, options);
  const { offset, low, high, halves } = close;
  const drift =
    Math.abs(halves[1] - halves[0]) > Math.max(LEAST_OFFSET, 3 * (high - low))
      ? ` In the earlier stretches it is ${signed(halves[0])}, in the later ${signed(halves[1])}: one clock may drift.`
      : "";
  return {
    ...{ first: a.evidenceId, second: b.evidenceId, method: "rates", offset, low, high },
    ...{ matched: found.blocks, strength: found.z },
    verdict: Math.abs(offset) >= LEAST_OFFSET && low * high > 0 ? "offer" : "agree",
    why: `Their rates go together best at ${signed(offset)}: ${found.z.toPrecision(2)} times the noise of all other shifts of up to 14 hours, over ${String(found.blocks)} stretches of time.${drift}`,
    curve: thinned(curve),
  };
}

/** Why a peak is no clock; null where nothing speaks against it. */
function weakness({ z, rival, blocks, largest }: RateLag, least: number): string | null {
  if (z < least) return "Their rates do not go together at any shift of up to 14 hours.";
  if (rival > MOST_RIVAL)
    return "Their rates repeat: several shifts fit about equally well, so that none can be told.";
  if (blocks < LEAST_BLOCKS || largest > MOST_SHARE)
    return "A single burst lines up, which any two bursts do at some shift.";
  return null;
}

interface CloseLag {
  readonly offset: number;
  readonly low: number;
  readonly high: number;
  readonly halves: readonly [number, number];
}

/** The stretches that speak most for a lag, in smaller buckets, as long as these show it too. */
async function closer(
  engine: Engine,
  a: SkewSource,
  b: SkewSource,
  coarse: RateLag,
  bucket: number,
  options: QueryOptions,
): Promise<CloseLag> {
  const offset = coarse.lag * bucket;
  let best: CloseLag = {
    ...{ offset, low: offset - bucket / 2, high: offset + bucket / 2 },
    halves: [coarse.halves[0] * bucket, coarse.halves[1] * bucket],
  };
  const length = 30 * bucket;
  const starts = coarse.best.slice(0, CLOSE_BLOCKS).map((k) => k * bucket);
  for (const { bucket: fine, within } of CLOSER) {
    throwIfCancelled(options);
    const found = await closeLag(
      engine,
      a,
      b,
      { starts, length, fine, within, at: best.offset },
      options,
    );
    if (found === null || weakness(found.peak, LEAST_CLOSE_PEAK) !== null) return best;
    best = found;
  }
  return best;
}

interface CloseLook {
  readonly starts: readonly number[];
  readonly length: number;
  readonly fine: number;
  readonly within: number;
  /** Where to look, µs. */
  readonly at: number;
}

/** The same stretches in smaller buckets; of the second source also what a lag may bring in. */
async function closeLag(
  engine: Engine,
  a: SkewSource,
  b: SkewSource,
  { starts, length, fine, within, at }: CloseLook,
  options: QueryOptions,
): Promise<(CloseLag & { readonly peak: RateLag }) | null> {
  const lags = Math.ceil(within / fine);
  const centre = Math.round(at / fine);
  const stretches: [Rate, Rate][] = [];
  for (const from of starts) {
    const moved = from - centre * fine;
    const wide = { from: moved - within, to: moved + length + within };
    const first = await rateOf(engine, a, { from, to: from + length }, fine, options);
    const second = await rateOf(engine, b, wide, fine, options);
    stretches.push([first, { ...second, first: second.first + centre }]);
  }
  const peak = rateLag(stretches, [-lags, lags]);
  if (peak === null) return null;
  const micros = (lag: number): number => (lag + centre) * fine;
  return {
    peak,
    offset: micros(peak.lag),
    low: micros(peak.low) - fine / 2,
    high: micros(peak.high) + fine / 2,
    halves: [micros(peak.halves[0]), micros(peak.halves[1])],
  };
}

/** Few enough points for a picture: of neighbours the highest. */
function thinned(curve: readonly LagPoint[]): LagPoint[] {
  const step = Math.ceil(curve.length / 240);
  const out: LagPoint[] = [];
  for (let k = 0; k < curve.length; k += step) {
    const part = curve.slice(k, k + step);
    out.push(part.reduce((best, p) => (p.value > best.value ? p : best)));
  }
  return out;
}

function signed(micros: number): string {
  if (Math.abs(micros) < 1000) return "0 s";
  return `${micros < 0 ? "−" : "+"}${formatDuration(Math.abs(micros))}`;
}
