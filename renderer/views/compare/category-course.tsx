import type { AnalysisOutput } from "../../../shared/analysis/index.ts";
import type { WindowBand } from "../../state/bands.ts";
import { percent, time } from "../../widgets/format.ts";

interface CategoryCourseProps {
  readonly title: string;
  readonly data: AnalysisOutput<"columnOverTime">;
  readonly bands: readonly WindowBand[];
  readonly zone: string;
}

const WIDTH = 600;
const HEIGHT = 26;

/** One small line per value, all on the same scales, the windows behind. */
export function CategoryCourse({ title, data, bands, zone }: CategoryCourseProps) {
  const categories = data.categories ?? [];
  const first = data.times[0] ?? 0;
  const last = (data.times.at(-1) ?? 0) + data.bucket;
  const x = (t: number) =>
    ((Math.min(last, Math.max(first, t)) - first) / Math.max(1, last - first)) * WIDTH;
  const top = Math.max(0.01, ...categories.flatMap((c) => c.share));
  return (
    <figure className="iq-course">
      <figcaption>
        <strong>{title}</strong>
        <span className="iq-muted">
          {" "}
          {time(first, zone).slice(0, 10)} to {time(last, zone).slice(0, 10)} · scale 0 to{" "}
          {percent(top)}
        </span>
      </figcaption>
      <table>
        <tbody>
          {categories.map(({ value, share }) => (
            <tr key={value}>
              <th scope="row" className="iq-clip" title={value}>
                {value === "" ? "(empty)" : value}
              </th>
              <td>
                <svg
                  viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
                  preserveAspectRatio="none"
                  role="img"
                  aria-label={`share of ${value} over time`}
                >
                  {bands.map((band) => (
                    <rect
                      key={band.which}
                      x={x(band.from)}
                      width={Math.max(0, x(band.to) - x(band.from))}
                      height={HEIGHT}
                      fill={`var(--iq-${band.which}-band)`}
                    />
                  ))}
                  <polyline
                    points={share
                      .map(
                        (s, i) =>
                          `${x((data.times[i] ?? first) + data.bucket / 2).toFixed(1)},${(HEIGHT - 2 - (s / top) * (HEIGHT - 4)).toFixed(1)}`,
                      )
                      .join(" ")}
                    fill="none"
                    stroke="var(--iq-text)"
                    strokeWidth="1.4"
                    vectorEffect="non-scaling-stroke"
                  />
                </svg>
              </td>
              <td className="iq-num iq-muted">{percent(share.at(-1) ?? null)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
