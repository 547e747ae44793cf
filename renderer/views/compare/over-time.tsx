import { useMemo } from "react";
import type { AnalysisOutput } from "../../../shared/analysis/index.ts";
import { DARK, LIGHT } from "../../../shared/model/palette.ts";
import type { ColumnComparison } from "../../../shared/model/shift.ts";
import { useCase } from "../../state/case-store.ts";
import { useView } from "../../state/view-store.ts";
import { bandsOf } from "../../state/bands.ts";
import { SeriesChart } from "../../widgets/chart/series-chart.tsx";
import { CategoryCourse } from "./category-course.tsx";

interface OverTimeProps {
  readonly column: ColumnComparison;
  readonly data: AnalysisOutput<"columnOverTime">;
}

/** How the column went through both windows: mean with the 5 to 95 % band, or shares of its values. */
export function OverTime({ column, data }: OverTimeProps) {
  const theme = useView((s) => s.theme);
  const zone = useView((s) => s.timezone);
  const windows = useCase((s) => s.state?.windows);
  const bands = useMemo(() => bandsOf(windows), [windows]);
  if (data.numeric !== null) {
    return (
      <SeriesChart
        title={`${column.column} over time: mean, and where 5 % to 95 % of its values lie`}
        label={column.column}
        {...(column.unit === undefined ? {} : { unit: column.unit })}
        times={data.times}
        bucket={data.bucket}
        values={data.numeric.mean}
        low={data.numeric.p5}
        high={data.numeric.p95}
        count={data.rows}
        bands={bands}
        palette={theme === "dark" ? DARK : LIGHT}
        zone={zone}
      />
    );
  }
  if (data.categories === null || data.categories.length === 0) return null;
  return (
    <CategoryCourse
      title={`${column.column} over time: share of each value`}
      data={data}
      bands={bands}
      zone={zone}
    />
  );
}
