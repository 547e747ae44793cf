import type {
  Attribution,
  SegmentChange,
  Waterfall,
} from "../../../../shared/model/attribution.ts";
import { segmentLabel } from "../../../../shared/analysis/attribution/waterfall.ts";
import { ChartFrame } from "../../../widgets/chart/chart-frame.tsx";
import { number } from "../../../widgets/format.ts";
import { WindowMark } from "../../../widgets/tags.tsx";

interface ChangeWaterfallProps {
  readonly found: Attribution;
  readonly title: string;
  readonly waterfall: Waterfall;
  readonly picked: string | null;
  readonly onPick: (where: SegmentChange["where"]) => void;
}

/** `+0.12`, `−3` */
export function signed(value: number): string {
  return `${value > 0 ? "+" : ""}${number(value)}`;
}

/** From the baseline's value over the parts of the change to the incident's. */
export function ChangeWaterfall({ found, title, waterfall, picked, onPick }: ChangeWaterfallProps) {
  const { baseline, incident, steps } = waterfall;
  const ends = [baseline, incident, ...steps.map((s) => s.to)];
  const low = Math.min(...ends);
  const width = Math.max(...ends) - low || 1;
  const place = (value: number): number => 3 + ((value - low) / width) * 94;
  const percent = (value: number): string => `${String(value)}%`;
  const unit = found.unit === null ? "" : ` (${found.unit})`;
  return (
    <ChartFrame
      title={`${title}${unit}`}
      numbers={() => ({
        header: ["Step", "From", "To", "Change"],
        rows: steps.map((s) => [s.label, number(s.from), number(s.to), signed(s.to - s.from)]),
      })}
    >
      <table className="iq-way" aria-label={title}>
        <tbody>
          <End which="baseline" value={baseline} at={percent(place(baseline))} />
          {steps.map((s) => (
            <tr key={s.label} aria-selected={s.label === picked}>
              <th scope="row">
                {s.where.length === 0 ? (
                  s.label
                ) : (
                  <button
                    type="button"
                    className="iq-link"
                    aria-pressed={segmentLabel(s.where) === picked}
                    title={`Show the numbers of ${s.label}`}
                    onClick={() => {
                      onPick(s.where);
                    }}
                  >
                    {s.label}
                  </button>
                )}
              </th>
              <td>
                <span
                  className="iq-way-link"
                  style={{ left: percent(place(s.from)) }}
                  aria-hidden="true"
                />
                <span
                  className={`iq-way-bar iq-way-${s.to < s.from ? "down" : "up"}`}
                  style={{
                    left: percent(place(Math.min(s.from, s.to))),
                    width: percent((Math.abs(s.to - s.from) / width) * 94),
                  }}
                />
              </td>
              <td className="iq-num">{signed(s.to - s.from)}</td>
            </tr>
          ))}
          <End which="incident" value={incident} at={percent(place(incident))} />
        </tbody>
      </table>
    </ChartFrame>
  );
}

interface EndProps {
  readonly which: "baseline" | "incident";
  readonly value: number;
  readonly at: string;
}

function End({ which, value, at }: EndProps) {
  return (
    <tr>
      <th scope="row">
        <WindowMark which={which} />
        {which === "baseline" ? "Baseline" : "Incident"}
      </th>
      <td>
        <span className={`iq-way-end iq-way-${which}`} style={{ left: at }} />
      </td>
      <td className="iq-num">
        <strong>{number(value)}</strong>
      </td>
    </tr>
  );
}
