import { SegmentedControl } from "@blueprintjs/core";
import { useMemo, useState, type KeyboardEvent } from "react";
import type { CorrelationChange } from "../../../../shared/model/multivariate.ts";
import { ChartFrame } from "../../../widgets/chart/chart-frame.tsx";
import { integer, number } from "../../../widgets/format.ts";
import { chooseShown, type Cell } from "./shown-columns.ts";

type Side = "change" | "baseline" | "incident";

const CELL = 24;
const LABEL = 118;
/** Where the colour is full: a change of half is as much as there is to see. */
const FULL: Record<Side, number> = { change: 0.5, baseline: 1, incident: 1 };
/** With more columns the numbers in the cells would touch each other. */
const NUMBERS_TO = 16;

/** Which columns go together: a cell per pair, the incident's difference or either window's value. */
export function CorrelationMap({ correlations }: { correlations: CorrelationChange }) {
  const [side, setSide] = useState<Side>("change");
  const [selected, setSelected] = useState<readonly [number, number] | null>(null);
  const { names, cells } = useMemo(() => chooseShown(correlations), [correlations]);
  const n = names.length;
  const at = (i: number, j: number): Cell | undefined => cells[i]?.[j];
  const hidden = correlations.columns.length - n;
  const title = "Which columns go together";
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[
      event.key
    ];
    if (step === undefined) return;
    event.preventDefault();
    const [i, j] = selected ?? [1, 0];
    const down = selected === null ? 1 : Math.min(n - 1, Math.max(1, i + (step[0] ?? 0)));
    setSelected([
      down,
      Math.min(down - 1, Math.max(0, j + (selected === null ? 0 : (step[1] ?? 0)))),
    ]);
  };
  const shown = selected === null ? undefined : at(selected[0], selected[1]);
  return (
    <section aria-label="Correlations">
      <ChartFrame
        title={title}
        legend={<Scale full={FULL[side]} />}
        numbers={() => ({
          header: ["Pair", "Baseline", "Incident", "Change"],
          rows: cells
            .flatMap((row, i) => row.slice(0, i))
            .sort((a, b) => Math.abs(b.change ?? 0) - Math.abs(a.change ?? 0))
            .map((c) => [
              `${c.a}, ${c.b}`,
              number(c.baseline),
              number(c.incident),
              number(c.change),
            ]),
        })}
      >
        <SegmentedControl
          size="small"
          className="iq-together-side"
          aria-label="What the cells show"
          value={side}
          onValueChange={(value) => {
            setSide(value as Side);
          }}
          options={[
            { value: "change", label: "Change" },
            { value: "baseline", label: "Baseline" },
            { value: "incident", label: "Incident" },
          ]}
        />
        <svg
          className="iq-together-map"
          style={{ maxWidth: LABEL + n * CELL }}
          viewBox={`0 0 ${String(LABEL + n * CELL)} ${String(n * CELL + LABEL * 0.62)}`}
          tabIndex={0}
          role="group"
          aria-label={`${title}: ${side}. ${integer(n)} columns; arrow keys go from pair to pair.`}
          onKeyDown={onKey}
          onPointerLeave={() => {
            setSelected(null);
          }}
        >
          {names.map((name, i) => (
            <g key={name}>
              <text x={LABEL - 6} y={i * CELL + CELL / 2 + 4} textAnchor="end">
                <title>{name}</title>
                {short(name)}
              </text>
              <text
                transform={`translate(${String(LABEL + i * CELL + CELL / 2 + 3)} ${String(n * CELL + 6)}) rotate(-45)`}
                textAnchor="end"
              >
                {short(name, 12)}
              </text>
              {names.slice(0, i).map((other, j) => {
                const cell = at(i, j);
                const value = cell?.[side] ?? null;
                const on = selected !== null && selected[0] === i && selected[1] === j;
                return (
                  <g
                    key={other}
                    transform={`translate(${String(LABEL + j * CELL)} ${String(i * CELL)})`}
                    onPointerEnter={() => {
                      setSelected([i, j]);
                    }}
                  >
                    <rect
                      width={CELL - 1.5}
                      height={CELL - 1.5}
                      className={cellClass(value, on)}
                      fillOpacity={value === null ? 0 : Math.min(1, Math.abs(value) / FULL[side])}
                    />
                    {value !== null && n <= NUMBERS_TO && Math.abs(value) >= 0.1 && (
                      <text
                        className={
                          Math.abs(value) > 0.55 * FULL[side] ? "iq-together-on" : undefined
                        }
                        x={CELL / 2 - 1}
                        y={CELL / 2 + 3}
                        textAnchor="middle"
                      >
                        {tenths(value)}
                      </text>
                    )}
                    {cell?.changed === true && <circle cx={CELL - 5} cy={4} r={2.5} />}
                  </g>
                );
              })}
            </g>
          ))}
        </svg>
        <p className="iq-together-readout" aria-live="polite">
          {shown === undefined
            ? `A dot marks a pair that changed by verdict.${hidden > 0 ? ` The ${integer(n)} columns whose pairs changed most are shown, ${integer(hidden)} are not.` : ""}`
            : `${shown.a}, ${shown.b}: ${number(shown.baseline)} → ${number(shown.incident)}`}
        </p>
      </ChartFrame>
      <p className="iq-muted iq-together-note">
        Spearman’s correlation of numbers, Cramér’s V of texts, correlation ratio between both.
        Distance of the two matrices: {number(correlations.distance)}; of the baseline’s halves:{" "}
        {number(correlations.usualDistance)} (0 equal, 1 nothing in common).
      </p>
    </section>
  );
}

function Scale({ full }: { full: number }) {
  return (
    <span className="iq-chart-legend">
      <span>
        <span className="iq-together-key iq-together-negative" aria-hidden="true" />
        below 0, full at −{full}
      </span>
      <span>
        <span className="iq-together-key iq-together-positive" aria-hidden="true" />
        above 0, full at {full}
      </span>
    </span>
  );
}

function cellClass(value: number | null, selected: boolean): string {
  const sign =
    value === null
      ? "iq-together-none"
      : value < 0
        ? "iq-together-negative"
        : "iq-together-positive";
  return selected ? `${sign} iq-together-selected` : sign;
}

function tenths(value: number): string {
  const text = Math.abs(value).toFixed(1);
  return `${value < 0 ? "−" : ""}${text === "1.0" ? "1" : text.slice(1)}`;
}

function short(name: string, most = 18): string {
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
}
