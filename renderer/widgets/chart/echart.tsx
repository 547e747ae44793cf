import { BarChart, CustomChart } from "echarts/charts";
import { AriaComponent, GridComponent } from "echarts/components";
import { init, use as register, type EChartsCoreOption, type EChartsType } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useLayoutEffect, useRef } from "react";
import "./chart.css";

register([BarChart, CustomChart, GridComponent, AriaComponent, CanvasRenderer]);

export type { EChartsCoreOption, EChartsType };

/** Every chart's common settings: nothing moves by itself, nothing reacts to the mouse unless it is told to. */
export const CALM: EChartsCoreOption = {
  animation: false,
  backgroundColor: "transparent",
  stateAnimation: { duration: 0 },
};

interface EChartProps {
  readonly option: EChartsCoreOption;
  readonly height: number;
  /**
   * Names the components of the option. While it stays the same, a new option
   * is merged into the old one, which is several times faster.
   */
  readonly structure?: string;
  /** Width of the canvas in px, at the start and after every resize. */
  readonly onWidth?: (width: number) => void;
  /** Called when the option is on the canvas. */
  readonly onDrawn?: () => void;
}

/**
 * An ECharts canvas as a React element: option in, drawn in the same task,
 * follows its container's size, disposed with the element. It is a picture;
 * what it says must stand beside it as text or table.
 */
export function EChart({ option, height, structure, onWidth, onDrawn }: EChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const drawn = useRef<string | undefined>(undefined);
  const widthListener = useRef(onWidth);
  useLayoutEffect(() => {
    widthListener.current = onWidth;
  });

  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) return;
    const made = init(element, null, { renderer: "canvas" });
    chart.current = made;
    return () => {
      chart.current = null;
      drawn.current = undefined;
      made.dispose();
    };
  }, []);

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      chart.current?.resize({ silent: true });
      widthListener.current?.(element.clientWidth);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);

  useLayoutEffect(() => {
    const made = chart.current;
    if (made === null) return;
    if (made.getHeight() !== height) made.resize({ height, silent: true });
    made.setOption(option, {
      notMerge: structure === undefined || structure !== drawn.current,
      lazyUpdate: false,
      silent: true,
    });
    drawn.current = structure;
    made.getZr().flush();
    onDrawn?.();
  }, [option, height, structure, onDrawn]);

  return <div ref={host} className="iq-echart" style={{ height }} aria-hidden="true" />;
}
