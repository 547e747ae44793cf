import type { LagPoint } from "../../../../shared/model/clock-skew.ts";

const [WIDTH, HEIGHT] = [180, 36];

/** How alike two sources are over the lags, with the lag that was found. */
export function LagPicture({
  curve,
  offset,
}: {
  readonly curve: readonly LagPoint[];
  readonly offset: number | null;
}) {
  const [from, to] = [curve[0]?.lag ?? 0, curve.at(-1)?.lag ?? 0];
  if (curve.length < 5 || to <= from) return null;
  const top = Math.max(...curve.map((p) => p.value));
  const bottom = Math.min(0, ...curve.map((p) => p.value));
  const x = (lag: number) => ((lag - from) / (to - from)) * WIDTH;
  const y = (value: number) => HEIGHT - 2 - ((value - bottom) / (top - bottom || 1)) * (HEIGHT - 8);
  const points = curve.map((p) => `${x(p.lag).toFixed(1)},${y(p.value).toFixed(1)}`).join(" ");
  return (
    <svg className="iq-lags" width={WIDTH} height={HEIGHT} aria-hidden="true">
      <line x1="0" x2={WIDTH} y1={y(0)} y2={y(0)} stroke="var(--iq-grid)" />
      <polyline points={points} fill="none" stroke="var(--iq-muted)" />
      {offset !== null && (
        <path
          d={`M${x(offset).toFixed(1)} ${(y(top) - 1).toFixed(1)}l-4 -5h8z`}
          fill="var(--iq-accent)"
        />
      )}
    </svg>
  );
}
