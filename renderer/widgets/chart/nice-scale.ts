/** A value axis with round ticks. */
export interface NiceScale {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly ticks: readonly number[];
}

/** 1, 2 or 5 times a power of ten, at least `raw`. */
export function niceStep(raw: number): number {
  if (!(raw > 0) || !Number.isFinite(raw)) return 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  for (const factor of [1, 2, 5]) {
    if (factor * power >= raw * 0.999_999) return factor * power;
  }
  return 10 * power;
}

/** Round limits around `[low, high]` with about `intervals` steps between them. */
export function niceScale(low: number, high: number, intervals: number): NiceScale {
  const [from, to] = apart(low, high);
  const step = niceStep((to - from) / intervals);
  const min = roundTo(Math.floor(from / step + 1e-9) * step, step);
  const max = roundTo(Math.ceil(to / step - 1e-9) * step, step);
  return { min, max, step, ticks: ticksOf(min, max, step) };
}

/**
 * Limits close around `[low, high]`, ticks at the round values inside: for low
 * charts, where round limits would waste half of the height.
 */
export function tightScale(low: number, high: number, intervals: number): NiceScale {
  const [from, to] = apart(low, high);
  const pad = (to - from) * 0.06;
  const min = from === 0 ? 0 : from - pad;
  const max = to === 0 ? 0 : to + pad;
  const step = niceStep((max - min) / intervals);
  return {
    min,
    max,
    step,
    ticks: ticksOf(roundTo(Math.ceil(min / step - 1e-9) * step, step), max, step),
  };
}

function apart(low: number, high: number): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  if (low < high) return [low, high];
  if (low === 0) return [0, 1];
  const pad = Math.abs(low) * 0.1;
  return [low - pad, low + pad];
}

/** Takes the binary dust off a multiple of a step. */
function roundTo(value: number, step: number): number {
  const digits = Math.max(0, Math.min(20, 2 - Math.floor(Math.log10(step))));
  return Number(value.toFixed(digits));
}

function ticksOf(first: number, last: number, step: number): number[] {
  const ticks: number[] = [];
  for (let i = 0; i < 50 && first + i * step <= last + step * 1e-6; i++)
    ticks.push(roundTo(first + i * step, step));
  return ticks;
}

/** Short axis label: `1.2k`, `3M`, `0.05`. */
export function axisNumber(value: number): string {
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  if (size === 0) return "0";
  if (size >= 1e15 || size < 1e-4)
    return value.toExponential(0).replace("e+", "e").replaceAll("-", "−");
  for (const [unit, letter] of [
    [1e12, "T"],
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const) {
    if (size >= unit) return `${sign}${String(Number((size / unit).toPrecision(4)))}${letter}`;
  }
  return `${sign}${String(Number(size.toPrecision(4)))}`;
}
