import { Button, ProgressBar, SegmentedControl } from "@blueprintjs/core";
import { MediaIcon } from "@blueprintjs/icons";
import { useRef, useState } from "react";
import { DARK, LIGHT } from "../../../../shared/model/palette.ts";
import type { ColumnComparison } from "../../../../shared/model/shift.ts";
import type { Window } from "../../../../shared/model/window.ts";
import { useWindowPair } from "../../../data/comparison.ts";
import { copyPicture, filesOf } from "../../../data/copy.ts";
import { useAnalysis, useTables } from "../../../data/queries.ts";
import { useView } from "../../../state/view-store.ts";
import { DistributionChart } from "../../../widgets/chart/distribution-chart.tsx";
import { count, integer, time } from "../../../widgets/format.ts";
import { chartImage } from "./chart-image.ts";
import { CumulativePlot } from "./cumulative-plot.tsx";
import { QuantilePlot } from "./quantile-plot.tsx";
import { keptPoints, pointsOf } from "./quantile-points.ts";
import "./detail.css";

/** Files that a picture names. */
const MOST_FILES = 3;

type Shown = "histogram" | "quantiles" | "cumulative";
const CHOICES: { value: Shown; label: string }[] = [
  { value: "histogram", label: "Histogram" },
  { value: "quantiles", label: "Quantiles" },
  { value: "cumulative", label: "Cumulative" },
];

/** Both windows over each other: as histogram, by their quantiles, or cumulated; any of it as a picture. */
export function DistributionPanel({ column }: { column: ColumnComparison }) {
  const theme = useView((s) => s.theme);
  const zone = useView((s) => s.timezone);
  const windows = useWindowPair();
  const [shown, setShown] = useState<Shown>("histogram");
  const picture = useRef<HTMLDivElement>(null);
  const { distribution } = column;
  const palette = theme === "dark" ? DARK : LIGHT;
  if (distribution === null) return null;
  const ordered = distribution.kind === "numeric";
  const view = ordered ? shown : "histogram";

  const copy = () => {
    const host = picture.current;
    if (host === null) return;
    const title =
      host.querySelector(".iq-chart-title")?.textContent ?? `${column.column}, both windows`;
    const files = filesOf(column);
    const text = {
      title,
      baseline: `Baseline, ${windowLine(windows?.baseline, column.baseline.rows, zone)}`,
      incident: `Incident, ${windowLine(windows?.incident, column.incident.rows, zone)}`,
      source: `${column.table} · ${fileList(files)}`,
    };
    void copyPicture(`${column.column} as an image`, () => chartImage(host, text, palette));
  };
  return (
    <section className="iq-distribution" aria-label="Distribution">
      <div className="iq-distribution-bar">
        {ordered ? (
          <SegmentedControl
            aria-label="How to show the distribution"
            inline
            size="small"
            options={CHOICES}
            value={view}
            onValueChange={(value) => {
              setShown(CHOICES.find((c) => c.value === value)?.value ?? "histogram");
            }}
          />
        ) : (
          <h3>Distribution</h3>
        )}
        <Button
          className="iq-push"
          size="small"
          variant="minimal"
          icon={<MediaIcon />}
          text="Copy as image"
          onClick={copy}
        />
      </div>
      <div ref={picture}>
        {view === "histogram" ? (
          <DistributionChart
            title={`${column.column}: share of rows, baseline and incident`}
            {...(column.unit === undefined ? {} : { unit: column.unit })}
            distribution={distribution}
            palette={palette}
          />
        ) : (
          <Quantiles column={column} view={view} />
        )}
      </div>
    </section>
  );
}

function Quantiles({ column, view }: { column: ColumnComparison; view: Shown }) {
  const theme = useView((s) => s.theme);
  const windows = useWindowPair();
  const table = useTables().find((t) => t.name === column.table);
  const answer = useAnalysis(
    "columnQuantiles",
    table === undefined || windows === null ? null : { table, column: column.column, windows },
  );
  if (answer.isError) {
    return <p className="iq-muted">The quantiles could not be read: {answer.error.message}</p>;
  }
  if (answer.data === undefined) {
    return (
      <div className="iq-distribution-wait" role="status">
        <span className="iq-muted">Reading the quantiles of both windows</span>
        <ProgressBar />
      </div>
    );
  }
  const read = answer.data === null ? [] : pointsOf(answer.data);
  const points = read.length > 0 ? read : keptPoints(column.baseline, column.incident);
  if (points.length === 0) {
    return (
      <p className="iq-muted">
        One of the windows has no finite values of this column, so there is nothing to compare.
      </p>
    );
  }
  const Plot = view === "quantiles" ? QuantilePlot : CumulativePlot;
  return (
    <Plot
      column={column.column}
      unit={column.unit}
      points={points}
      palette={theme === "dark" ? DARK : LIGHT}
    />
  );
}

/** `4 files: a.csv, b.csv, c.csv and 1 more` */
function fileList(files: readonly string[]): string {
  const named = files.slice(0, MOST_FILES).join(", ");
  const more = files.length - MOST_FILES;
  return `${count(files.length, "file")}: ${named}${more > 0 ? ` and ${integer(more)} more` : ""}`;
}

function windowLine(window: Window | undefined, rows: number, zone: string): string {
  const parts = [`${integer(rows)} rows`];
  if (window !== undefined && (window.from !== null || window.to !== null)) {
    parts.unshift(`${time(window.from, zone)} to ${time(window.to, zone)} ${zone}`);
  }
  if (window?.filter !== undefined) {
    parts.push(`${window.filter.column} = ${window.filter.values.join(", ")}`);
  }
  return parts.join(", ");
}
