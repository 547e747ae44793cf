import { useMemo, useRef, useState, type PointerEvent } from "react";
import type { Palette } from "../../../shared/model/palette.ts";
import { integer, time } from "../format.ts";
import { BrushWindow, type WindowName } from "./brush-window.tsx";
import { ChartFrame, type Numbers } from "./chart-frame.tsx";
import { CALM, EChart, type EChartsCoreOption } from "./echart.tsx";
import type { Range } from "./lane-geometry.ts";
import { area, type Points, type Shape } from "./lane-shapes.ts";
import { timeTicks } from "./time-axis.ts";
import "./brush-overview.css";

interface BrushOverviewProps {
  /** Says what the chart shows. */
  readonly title: string;
  /** µs UTC at bucket starts, without gaps. */
  readonly times: readonly number[];
  readonly bucket: number;
  /** Rows per bucket, stacked from the ground in this order. */
  readonly layers: readonly { readonly name: string; readonly counts: readonly number[] }[];
  readonly baseline: Range | null;
  readonly incident: Range | null;
  /** Which window a drag on free ground draws. */
  readonly drawing: WindowName;
  readonly zone: string;
  readonly palette: Palette;
  readonly disabled?: boolean;
  /** Called at the end of a drag, and for each key. */
  readonly onChange: (which: WindowName, range: Range) => void;
  readonly onWidth?: (width: number) => void;
}

const HEIGHT = 54;

/** Rows over time, small, with both windows to draw, move and resize by pointer or keyboard. */
export function BrushOverview(props: BrushOverviewProps) {
  const {
    title,
    times,
    bucket,
    layers,
    baseline,
    incident,
    drawing,
    zone,
    palette,
    disabled = false,
    onChange,
    onWidth,
  } = props;
  const ground = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  /** The window under the pointer's hand, until it is let go. */
  const [draft, setDraft] = useState<(Range & { which: WindowName }) | null>(null);
  const anchor = useRef<number | null>(null);
  const bounds = useMemo(
    () => ({ from: times[0] ?? 0, to: (times[times.length - 1] ?? 0) + bucket }),
    [times, bucket],
  );
  const option = useMemo(() => optionOf(layers, palette), [layers, palette]);
  const ticks = useMemo(
    () => timeTicks(bounds.from, bounds.to, width, zone, 110),
    [bounds, width, zone],
  );
  const span = bounds.to - bounds.from;
  const atOf = (clientX: number) => {
    const left = ground.current?.getBoundingClientRect().left ?? 0;
    const share = Math.min(1, Math.max(0, (clientX - left) / Math.max(1, width)));
    return snap(bounds.from + share * span, bucket, bounds);
  };

  const onDown = (event: PointerEvent) => {
    if (disabled || event.button !== 0 || event.target !== event.currentTarget) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    anchor.current = atOf(event.clientX);
  };
  const onMove = (event: PointerEvent) => {
    if (anchor.current === null) return;
    const at = atOf(event.clientX);
    const [from, to] = at < anchor.current ? [at, anchor.current] : [anchor.current, at];
    setDraft(to > from ? { which: drawing, from, to } : null);
  };
  const onUp = () => {
    if (anchor.current !== null && draft !== null)
      onChange(draft.which, { from: draft.from, to: draft.to });
    anchor.current = null;
    setDraft(null);
  };

  const ranges = { baseline, incident };
  return (
    <ChartFrame
      title={title}
      legend={<LayerLegend layers={layers} palette={palette} />}
      numbers={() => numbersOf(times, layers, zone)}
    >
      <div className="iq-brush" data-drawing={drawing}>
        <div className="iq-brush-picture" style={{ height: HEIGHT }}>
          <EChart
            option={option}
            height={HEIGHT}
            onWidth={(w) => {
              setWidth(w);
              onWidth?.(w);
            }}
          />
          <div
            ref={ground}
            className={disabled ? "iq-brush-ground" : "iq-brush-ground iq-brush-live"}
            onPointerDown={onDown}
            onPointerMove={onMove}
            onPointerUp={onUp}
            onPointerCancel={() => {
              anchor.current = null;
              setDraft(null);
            }}
          >
            {(["baseline", "incident"] as const).map((which) => {
              const range = draft?.which === which ? draft : ranges[which];
              return range === null ? null : (
                <BrushWindow
                  key={which}
                  which={which}
                  range={range}
                  bounds={bounds}
                  width={width}
                  step={bucket}
                  zone={zone}
                  disabled={disabled}
                  onDraft={(next) => {
                    setDraft(next === null ? null : { which, ...next });
                  }}
                  onChange={(next) => {
                    setDraft(null);
                    onChange(which, next);
                  }}
                />
              );
            })}
          </div>
        </div>
        <div className="iq-brush-ticks" aria-hidden="true">
          {ticks.map((tick) => {
            const left = ((tick.at - bounds.from) / span) * width;
            return left > width - 30 ? null : (
              <span
                key={tick.at}
                className={tick.major ? "iq-tick iq-tick-major" : "iq-tick"}
                style={{ left }}
              >
                {tick.label}
              </span>
            );
          })}
        </div>
      </div>
    </ChartFrame>
  );
}

function snap(at: number, step: number, { from, to }: Range): number {
  return Math.min(to, Math.max(from, Math.round(at / step) * step));
}

function numbersOf(
  times: readonly number[],
  layers: BrushOverviewProps["layers"],
  zone: string,
): Numbers {
  return {
    header: [`Time (${zone})`, ...layers.map((layer) => `Rows of ${layer.name}`)],
    rows: times.map((at, i) => [
      time(at, zone),
      ...layers.map((layer) => integer(layer.counts[i] ?? 0)),
    ]),
  };
}

/** Tones of grey: blue and orange belong to the windows. */
function tone(index: number): number {
  return [0.55, 0.38, 0.26, 0.17][index % 4] ?? 0.4;
}

function LayerLegend({ layers, palette }: Pick<BrushOverviewProps, "layers" | "palette">) {
  if (layers.length < 2) return null;
  return (
    <span className="iq-chart-legend">
      {layers.slice(0, 6).map((layer, i) => (
        <span key={layer.name} className="iq-muted">
          <span
            className="iq-brush-tone"
            style={{ background: palette.series, opacity: tone(i) }}
          />
          {layer.name}
        </span>
      ))}
    </span>
  );
}

/** Each layer in shares of its own highest bucket: a table of few rows stays visible beside a log of millions. */
function optionOf(layers: BrushOverviewProps["layers"], palette: Palette): EChartsCoreOption {
  const size = layers[0]?.counts.length ?? 0;
  const shares = layers.map(({ counts }) => {
    const most = Math.max(1, ...counts);
    return counts.map((n) => n / most);
  });
  return {
    ...CALM,
    grid: { left: 0, right: 0, top: 10, bottom: 0 },
    xAxis: { type: "value", min: 0, max: 1, show: false },
    yAxis: { type: "value", min: 0, max: 1, show: false },
    series: [
      {
        id: "rows",
        type: "custom",
        silent: true,
        data: [[0, 0]],
        renderItem: ({ coordSys }: { coordSys: object }) => {
          const plot = coordSys as { x: number; y: number; width: number; height: number };
          const base = new Array<number>(size).fill(0);
          const children: Shape[] = shares.map((share, k) => {
            const top: Points = [];
            const bottom: Points = [];
            for (let i = 0; i < size; i++) {
              const x0 = plot.x + (i / size) * plot.width;
              const x1 = plot.x + ((i + 1) / size) * plot.width;
              const below = base[i] ?? 0;
              const above = below + (share[i] ?? 0) / Math.max(1, layers.length);
              base[i] = above;
              const y = (v: number) => plot.y + plot.height * (1 - v);
              top.push([x0, y(above)], [x1, y(above)]);
              bottom.push([x0, y(below)], [x1, y(below)]);
            }
            return area([...top, ...bottom.reverse()], palette.series, tone(k));
          });
          return { type: "group", children: children as never[] };
        },
      },
    ],
  };
}
