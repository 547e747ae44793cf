import { useLayoutEffect, useRef, useState, type ReactNode } from "react";
import type { Palette } from "../../../../shared/model/palette.ts";
import { axisNumber, niceScale } from "../../../widgets/chart/nice-scale.ts";

/** A value axis: where values lie in [0, 1], and its ticks. */
export interface Axis {
  readonly place: (value: number) => number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

/** A scale that ends where the values end, with round ticks inside; logarithmic where asked. */
export function axisOf([low, high]: readonly [number, number], log: boolean, intervals = 5): Axis {
  if (log) {
    const [from, to] = [Math.log10(low), Math.log10(high)];
    const step = Math.max(1, Math.ceil((to - from) / intervals));
    const powers: number[] = [];
    for (let k = Math.ceil(from); k <= to; k += step) powers.push(10 ** k);
    const place = (value: number) => (Math.log10(value) - from) / (to - from || 1);
    return { place, ticks: powers.map((p) => ({ at: place(p), text: axisNumber(p) })) };
  }
  const [from, to] = low < high ? [low, high] : [low - 0.5, high + 0.5];
  const place = (value: number) => (value - from) / (to - from);
  const { ticks } = niceScale(from, to, intervals);
  return {
    place,
    ticks: ticks
      .filter((t) => t >= from - 1e-12 && t <= to + 1e-12)
      .map((t) => ({ at: place(t), text: axisNumber(t) })),
  };
}

/** From 0 to 100 %. */
export const SHARE_AXIS: Axis = {
  place: (share) => share,
  ticks: [0, 0.25, 0.5, 0.75, 1].map((t) => ({ at: t, text: String(t * 100) })),
};

interface XyPlotProps {
  /** What a screen reader hears. */
  readonly label: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly xName: string;
  readonly yName: string;
  readonly palette: Palette;
  /** What stands in the plot; positions in px. */
  readonly children: (at: (x: number, y: number) => readonly [number, number]) => ReactNode;
}

const HEIGHT = 268;
const LEFT = 56;
const RIGHT = 16;
const TOP = 10;
const BOTTOM = 40;
const FONT = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

/**
 * Axes and grid of a plot as wide as its place. Colours and fonts stand in
 * attributes, not in the style sheet, so that the picture can be copied.
 */
export function XyPlot({ label, x, y, xName, yName, palette, children }: XyPlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) return;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => {
      setWidth(element.clientWidth);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);
  const w = Math.max(40, width - LEFT - RIGHT);
  const h = HEIGHT - TOP - BOTTOM;
  const px = (share: number) => LEFT + share * w;
  const py = (share: number) => TOP + (1 - share) * h;
  return (
    <div ref={host} className="iq-xy">
      {width > 0 && (
        <svg
          width={width}
          height={HEIGHT}
          viewBox={`0 0 ${String(width)} ${String(HEIGHT)}`}
          role="img"
          aria-label={label}
          fontFamily={FONT}
          fontSize={11}
          fill={palette.muted}
        >
          {x.ticks.map((t) => (
            <g key={t.text}>
              <line x1={px(t.at)} x2={px(t.at)} y1={py(0)} y2={py(1)} stroke={palette.grid} />
              <text x={px(t.at)} y={py(0) + 15} textAnchor="middle">
                {t.text}
              </text>
            </g>
          ))}
          {y.ticks.map((t) => (
            <g key={t.text}>
              <line x1={px(0)} x2={px(1)} y1={py(t.at)} y2={py(t.at)} stroke={palette.grid} />
              <text x={px(0) - 7} y={py(t.at) + 4} textAnchor="end">
                {t.text}
              </text>
            </g>
          ))}
          <line x1={px(0)} x2={px(1)} y1={py(0)} y2={py(0)} stroke={palette.muted} />
          <line x1={px(0)} x2={px(0)} y1={py(0)} y2={py(1)} stroke={palette.muted} />
          <text x={px(0.5)} y={HEIGHT - 6} textAnchor="middle">
            {xName}
          </text>
          <text transform={`translate(12 ${String(py(0.5))}) rotate(-90)`} textAnchor="middle">
            {yName}
          </text>
          {children((xv, yv) => [px(x.place(xv)), py(y.place(yv))])}
        </svg>
      )}
    </div>
  );
}
