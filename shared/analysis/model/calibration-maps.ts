import type { ScoreHistogram } from "./score-histogram.ts";

/** Turns a score into the probability of the positive class. */
export type CalibrationMap = (score: number) => number;

/**
 * Isotonic calibration: the non-decreasing step fit of least squares by pooling
 * adjacent violators (Zadrozny and Elkan 2002), linear between scores, constant
 * outside; as sklearn.isotonic.IsotonicRegression(out_of_bounds="clip").
 */
export function isotonicCalibration(h: ScoreHistogram): CalibrationMap {
  const blocks: { weight: number; positives: number; first: number; last: number }[] = [];
  for (let k = 0; k < h.scores.length; k++) {
    const positives = h.positives[k] ?? 0;
    const weight = positives + (h.negatives[k] ?? 0);
    if (weight <= 0) continue;
    let block = { weight, positives, first: h.scores[k] ?? 0, last: h.scores[k] ?? 0 };
    for (
      let before = blocks[blocks.length - 1];
      before !== undefined && before.positives * block.weight >= block.positives * before.weight;
      before = blocks[blocks.length - 1]
    ) {
      blocks.pop();
      block = {
        weight: before.weight + block.weight,
        positives: before.positives + block.positives,
        first: before.first,
        last: block.last,
      };
    }
    blocks.push(block);
  }
  const knots = blocks.flatMap(({ first, last, positives, weight }) =>
    first === last
      ? [{ x: first, y: positives / weight }]
      : [
          { x: first, y: positives / weight },
          { x: last, y: positives / weight },
        ],
  );
  return (score) => interpolate(knots, score);
}

function interpolate(knots: readonly { x: number; y: number }[], x: number): number {
  let low = 0;
  let high = knots.length - 1;
  const first = knots[0];
  const last = knots[high];
  if (first === undefined || last === undefined) return NaN;
  if (x <= first.x) return first.y;
  if (x >= last.x) return last.y;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((knots[middle]?.x ?? 0) <= x) low = middle;
    else high = middle;
  }
  const a = knots[low] ?? first;
  const b = knots[high] ?? last;
  return a.y + ((x - a.x) / (b.x - a.x)) * (b.y - a.y);
}

/** ln(p / (1 - p)), finite at 0 and 1. */
export function logOdds(p: number): number {
  const clipped = Math.min(1 - 1e-12, Math.max(1e-12, p));
  return Math.log(clipped / (1 - clipped));
}

export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

/**
 * Platt's calibration 1 / (1 + exp(A f + B)) with his smoothed targets (Platt
 * 1999), fitted by damped Newton steps (Lin, Lin and Weng 2007); as
 * sklearn.calibration with method="sigmoid" on decision values f.
 * @param value decision value of a score; its log-odds where scores are probabilities
 */
export function plattCalibration(
  h: ScoreHistogram,
  value: (score: number) => number = (score) => score,
): CalibrationMap {
  const positives = h.positives.reduce((s, w) => s + w, 0);
  const negatives = h.negatives.reduce((s, w) => s + w, 0);
  const values = Array.from(h.scores, value);
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (negatives + 2);
  let a = 0;
  let b = Math.log((negatives + 1) / (positives + 1));
  const loss = (x: number, y: number): number =>
    values.reduce((total, f, k) => {
      const z = f * x + y;
      const ln1 = Math.log1p(Math.exp(-Math.abs(z))) + Math.max(0, z);
      // -t ln p - (1 - t) ln(1 - p) with p = σ(-z): ln(1 + e^z) - (1 - t) z.
      return (
        total +
        (h.positives[k] ?? 0) * (ln1 - (1 - high) * z) +
        (h.negatives[k] ?? 0) * (ln1 - (1 - low) * z)
      );
    }, 0);
  let best = loss(a, b);
  for (let step = 0; step < 100; step++) {
    const { ga, gb, haa, hab, hbb } = plattSlopes(h, values, a, b, high, low);
    if (Math.hypot(ga, gb) < 1e-10 * (positives + negatives)) break;
    const determinant = haa * hbb - hab * hab;
    const da = -(hbb * ga - hab * gb) / determinant;
    const db = -(haa * gb - hab * ga) / determinant;
    let size = 1;
    let next = loss(a + da, b + db);
    while (!(next <= best) && size > 1e-10) {
      size /= 2;
      next = loss(a + size * da, b + size * db);
    }
    if (!(next <= best)) break;
    a += size * da;
    b += size * db;
    best = next;
  }
  return (score) => sigmoid(-(a * value(score) + b));
}

function plattSlopes(
  h: ScoreHistogram,
  values: readonly number[],
  a: number,
  b: number,
  high: number,
  low: number,
): { ga: number; gb: number; haa: number; hab: number; hbb: number } {
  const out = { ga: 0, gb: 0, haa: 1e-12, hab: 0, hbb: 1e-12 };
  values.forEach((f, k) => {
    const yes = h.positives[k] ?? 0;
    const no = h.negatives[k] ?? 0;
    const p = sigmoid(-(f * a + b));
    const slope = yes * (high - p) + no * (low - p);
    const curve = (yes + no) * p * (1 - p);
    out.ga += slope * f;
    out.gb += slope;
    out.haa += curve * f * f;
    out.hab += curve * f;
    out.hbb += curve;
  });
  return out;
}
