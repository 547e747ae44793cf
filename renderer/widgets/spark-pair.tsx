import type { Distribution } from "../../shared/model/shift.ts";

/** Both windows as two small profiles: baseline filled above, incident hatched below. */
export function SparkPair({ distribution }: { distribution: Distribution | null }) {
  if (distribution === null) return <div className="iq-spark" />;
  const { baseline, incident } = distribution;
  const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) || 1;
  const baseShares = shares(baseline, total(baseline));
  const incShares = shares(incident, total(incident));
  const top = Math.max(...baseShares, ...incShares, 1e-9);
  const n = Math.max(baseShares.length, 1);
  const w = 72 / n;
  return (
    <svg className="iq-spark" width="72" height="40" viewBox="0 0 72 40" aria-hidden="true">
      {baseShares.map((share, i) => {
        const h = (share / top) * 18;
        return (
          <rect
            key={i}
            x={i * w}
            y={19 - h}
            width={Math.max(w - 0.6, 0.4)}
            height={h}
            fill="var(--iq-baseline)"
          />
        );
      })}
      {incShares.map((share, i) => {
        const h = (share / top) * 18;
        return (
          <rect
            key={i}
            x={i * w + 0.3}
            y={21}
            width={Math.max(w - 1.2, 0.3)}
            height={h}
            fill="var(--iq-incident)"
            fillOpacity="0.35"
            stroke="var(--iq-incident)"
            strokeWidth="0.7"
          />
        );
      })}
      <line x1="0" x2="72" y1="20" y2="20" stroke="var(--iq-grid)" />
    </svg>
  );
}

function shares(values: readonly number[], total: number): number[] {
  const limited = values.length > 36 ? merge(values, 36) : [...values];
  return limited.map((v) => v / total);
}

function merge(values: readonly number[], into: number): number[] {
  const out = new Array<number>(into).fill(0);
  values.forEach((v, i) => {
    const slot = Math.floor((i * into) / values.length);
    out[slot] = (out[slot] ?? 0) + v;
  });
  return out;
}
