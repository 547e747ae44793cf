import { useMemo, useState } from "react";
import type { Palette } from "../../../shared/model/palette.ts";
import type { LaneData } from "../../../shared/model/timeline.ts";
import { ChartFrame } from "./chart-frame.tsx";
import type { Band, ChartLane, Range } from "./lane-geometry.ts";
import { laneNumbers } from "./lane-numbers.ts";
import { LanesChart } from "./lanes-chart.tsx";

interface SeriesChartProps {
  /** Says what the chart shows, with what the band is: "age: mean per day, 5 % to 95 %". */
  readonly title: string;
  /** Name of the line itself. */
  readonly label: string;
  readonly unit?: string;
  /** µs UTC at bucket starts, ascending. */
  readonly times: readonly number[];
  /** Width of a bucket in µs. */
  readonly bucket: number;
  readonly values: readonly (number | null)[];
  /** Lower and upper edge of the band; none where they are left out. */
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
  readonly count?: readonly number[];
  readonly bands: readonly Band[];
  readonly zone: string;
  readonly palette: Palette;
  readonly height?: number;
}

/** One series over time with its band and the windows; zooms and pans like the timeline. */
export function SeriesChart(props: SeriesChartProps) {
  const {
    title,
    label,
    unit,
    times,
    bucket,
    values,
    low,
    high,
    count,
    bands,
    zone,
    palette,
    height = 150,
  } = props;
  const [range, setRange] = useState<Range | null>(null);
  const bounds = useMemo(
    () => ({ from: times[0] ?? 0, to: (times[times.length - 1] ?? 0) + bucket }),
    [times, bucket],
  );
  const lanes = useMemo((): ChartLane[] => {
    const data: LaneData = {
      kind: "series",
      laneId: label,
      bucket,
      times: [...times],
      mean: [...values],
      min: [...(low ?? values)],
      max: [...(high ?? values)],
      count: [...(count ?? times.map(() => 1))],
    };
    return [
      {
        id: label,
        title: label,
        ...(unit === undefined ? {} : { unit }),
        parts: [{ data, from: -Infinity, to: Infinity, factor: 1 }],
        status: times.length === 0 ? { kind: "loading", message: "No values with a time." } : null,
      },
    ];
  }, [label, unit, times, bucket, values, low, high, count]);
  const shown = range ?? bounds;
  return (
    <ChartFrame
      title={title}
      numbers={() =>
        lanes[0] === undefined ? { header: [], rows: [] } : laneNumbers(lanes[0], shown, zone)
      }
    >
      <LanesChart
        title={title}
        lanes={lanes}
        range={shown}
        bounds={bounds}
        bands={bands}
        zone={zone}
        palette={palette}
        laneHeight={height}
        onRange={setRange}
      />
    </ChartFrame>
  );
}
