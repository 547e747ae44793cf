import { METRIC_RULES } from "../../../../shared/analysis/model/metric-rules.ts";
import type { Decomposition } from "../../../../shared/model/model-checks.ts";
import { ChartFrame } from "../../../widgets/chart/chart-frame.tsx";
import { number } from "../../../widgets/format.ts";
import { Sentence } from "../../../widgets/sentence.tsx";

const PARTS = [
  { key: "inputs", name: "Inputs moved" },
  { key: "labels", name: "Class shares moved" },
  { key: "concept", name: "The concept changed" },
] as const;

/** Each change of a metric, split into parts that add up to it. */
export function Decompositions({ decompositions }: { decompositions: readonly Decomposition[] }) {
  if (decompositions.length === 0) return null;
  return (
    <section aria-label="Why it changed" className="iq-model-why">
      {decompositions.map((d) => (
        <Waterfall key={d.metric} decomposition={d} />
      ))}
    </section>
  );
}

/** From the baseline's value over the three parts to the incident's. */
function Waterfall({ decomposition: d }: { decomposition: Decomposition }) {
  const { label } = METRIC_RULES[d.metric];
  const steps = PARTS.map(({ key, name }, k) => {
    const before = PARTS.slice(0, k).reduce((sum, p) => sum + d.parts[p.key].value, 0);
    const from = d.baseline + before;
    return { key, name, from, to: from + d.parts[key].value, part: d.parts[key] };
  });
  const ends = [d.baseline, d.incident, ...steps.map((s) => s.to)];
  const low = Math.min(...ends);
  const width = Math.max(...ends) - low || 1;
  const place = (value: number): number => 4 + ((value - low) / width) * 92;
  const signed = (v: number): string => `${v > 0 ? "+" : ""}${number(v)}`;
  return (
    <ChartFrame
      title={`${label.charAt(0).toUpperCase()}${label.slice(1)}: why it changed by ${signed(d.change.value)}`}
      numbers={() => ({
        header: ["Part", "Change", "95 % interval"],
        rows: [...steps.map((s) => ({ name: s.name, part: s.part })), whole(d)].map((s) => [
          s.name,
          signed(s.part.value),
          `${signed(s.part.low)} to ${signed(s.part.high)}`,
        ]),
      })}
    >
      <table className="iq-waterfall" aria-label={`Parts of the change of ${label}`}>
        <tbody>
          <tr>
            <th scope="row">Baseline</th>
            <td>
              <span
                className="iq-waterfall-end"
                style={{ left: `${String(place(d.baseline))}%` }}
              />
            </td>
            <td className="iq-num">{number(d.baseline)}</td>
          </tr>
          {steps.map((s) => (
            <tr key={s.key}>
              <th scope="row">{s.name}</th>
              <td>
                <span
                  className={`iq-waterfall-bar iq-waterfall-${s.part.value < 0 ? "down" : "up"}`}
                  style={{
                    left: `${String(place(Math.min(s.from, s.to)))}%`,
                    width: `${String((Math.abs(s.to - s.from) / width) * 92)}%`,
                  }}
                />
              </td>
              <td className="iq-num">{signed(s.part.value)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">Incident</th>
            <td>
              <span
                className="iq-waterfall-end iq-waterfall-incident"
                style={{ left: `${String(place(d.incident))}%` }}
              />
            </td>
            <td className="iq-num">{number(d.incident)}</td>
          </tr>
        </tbody>
      </table>
      <p className="iq-model-note">
        <Sentence text={d.statement} />
      </p>
    </ChartFrame>
  );
}

function whole(d: Decomposition): { name: string; part: Decomposition["change"] } {
  return { name: "Whole change", part: d.change };
}
