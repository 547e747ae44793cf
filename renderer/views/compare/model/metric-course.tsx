import { useMemo } from "react";
import { METRIC_RULES } from "../../../../shared/analysis/model/metric-rules.ts";
import type {
  MetricName,
  ModelChecks,
  TimedMetrics,
} from "../../../../shared/model/model-checks.ts";
import { DARK, LIGHT } from "../../../../shared/model/palette.ts";
import { bandsOf } from "../../../state/bands.ts";
import { useCase } from "../../../state/case-store.ts";
import { useView } from "../../../state/view-store.ts";
import { SeriesChart } from "../../../widgets/chart/series-chart.tsx";

/** One metric per bucket of time, with its 95 % interval. */
export function MetricCourse({ checks, metric }: { checks: ModelChecks; metric: MetricName }) {
  const { label } = METRIC_RULES[metric];
  const realised = has(checks.overTime, metric);
  const estimated = checks.estimated?.overTime ?? [];
  if (!realised && !has(estimated, metric)) {
    return (
      <p className="iq-muted">
        {label} over time is not known: the table has no time column, or too few rows a bucket.
      </p>
    );
  }
  return (
    <>
      {realised && (
        <Course
          title={`${label} over time, with its 95 % interval`}
          label={label}
          timed={checks.overTime}
          metric={metric}
        />
      )}
      {has(estimated, metric) && (
        <Course
          title={`${label} as estimated without labels (CBPE), with its 95 % interval`}
          label={`${label}, estimated`}
          timed={estimated}
          metric={metric}
        />
      )}
    </>
  );
}

interface CourseProps {
  readonly title: string;
  readonly label: string;
  readonly timed: readonly TimedMetrics[];
  readonly metric: MetricName;
}

function Course({ title, label, timed, metric }: CourseProps) {
  const theme = useView((s) => s.theme);
  const zone = useView((s) => s.timezone);
  const windows = useCase((s) => s.state?.windows);
  const bands = useMemo(() => bandsOf(windows), [windows]);
  const points = useMemo(
    () =>
      timed
        .flatMap(({ from, to, support, metrics }) => {
          const found = metrics.find((m) => m.metric === metric);
          return found === undefined
            ? []
            : [{ from, to, rows: support.labelled, ...found.estimate }];
        })
        .sort((a, b) => a.from - b.from),
    [timed, metric],
  );
  const widths = points.map((p) => p.to - p.from);
  return (
    <SeriesChart
      title={title}
      label={label}
      times={points.map((p) => p.from)}
      bucket={Math.max(1, ...widths)}
      values={points.map((p) => p.value)}
      low={points.map((p) => p.low)}
      high={points.map((p) => p.high)}
      count={points.map((p) => p.rows)}
      bands={bands}
      palette={theme === "dark" ? DARK : LIGHT}
      zone={zone}
    />
  );
}

function has(timed: readonly TimedMetrics[], metric: MetricName): boolean {
  return timed.some((t) => t.metrics.some((m) => m.metric === metric));
}
