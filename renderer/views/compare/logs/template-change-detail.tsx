import { Button } from "@blueprintjs/core";
import { DuplicateIcon, PinIcon } from "@blueprintjs/icons";
import { useMemo, useState } from "react";
import {
  measureOf,
  measureText,
  type LogMeasure,
  type LogSeries,
} from "../../../../shared/analysis/logs/log-series.ts";
import { templateLane } from "../../../../shared/analysis/lanes.ts";
import type { LogsInput } from "../../../../shared/analysis/logs/log-task.ts";
import type {
  LogComparison,
  ParameterChange,
  TemplateChange,
} from "../../../../shared/model/log-comparison.ts";
import type { Lane } from "../../../../shared/model/timeline.ts";
import { DARK, LIGHT } from "../../../../shared/model/palette.ts";
import { showLane, showLines } from "../../../data/go-to.ts";
import { copyTemplate, pinTemplate } from "../../../data/log-actions.ts";
import { useAnalysis } from "../../../data/queries.ts";
import { bandsOf } from "../../../state/bands.ts";
import { useCase } from "../../../state/case-store.ts";
import { useView } from "../../../state/view-store.ts";
import { SeriesChart } from "../../../widgets/chart/series-chart.tsx";
import {
  duration,
  integer,
  number,
  pValue,
  percent,
  timeWithZone,
} from "../../../widgets/format.ts";
import { Sentence } from "../../../widgets/sentence.tsx";
import { VerdictTag, WindowMark } from "../../../widgets/tags.tsx";
import { FollowerTable } from "./follower-list.tsx";
import { LogText } from "./log-text.tsx";
import { ParameterTable } from "./parameter-list.tsx";

interface DetailProps {
  readonly input: LogsInput;
  readonly found: LogComparison;
  readonly change: TemplateChange;
}

const RATE: LogMeasure = { kind: "rate" };
const BUCKETS = 200;

/** One template: its course, numbers, lines, parameters and followers. */
export function TemplateChangeDetail({ input, found, change }: DetailProps) {
  const readOnly = useCase((s) => s.opened?.readOnly !== null);
  const [drawn, setDrawn] = useState<ParameterChange | null>(null);
  const course = useCourse(input, found, change, drawn);
  const parameters = useAnalysis("compareLogParameters", { ...input, templateId: change.id });
  const followers = useAnalysis("compareFollowers", input);
  const own = (followers.data?.changes ?? []).filter(
    (f) => f.first.id === change.id || f.then.id === change.id,
  );
  const moved = parameters.data?.[0]?.parameters ?? [];
  return (
    <>
      <header className="iq-log-changes-title">
        <h2 className="iq-mono">
          {change.name === null ? <LogText text={change.text} /> : change.name}
        </h2>
        <div className="iq-log-changes-actions">
          <Button
            size="small"
            text="Show lines"
            onClick={() => {
              showLines([change.id]);
            }}
          />
          <Button
            size="small"
            text="Show on timeline"
            disabled={course.lane === null}
            onClick={() => {
              if (course.lane !== null) showLane(course.lane, null);
            }}
          />
          <Button
            size="small"
            intent="primary"
            icon={<PinIcon />}
            text="Pin as finding"
            disabled={readOnly}
            onClick={() => void pinTemplate(input.logs, change, course.chart)}
          />
          <Button
            size="small"
            icon={<DuplicateIcon />}
            text="Copy as Markdown"
            onClick={() =>
              void copyTemplate({
                change,
                parameters: moved.filter((p) => p.verdict !== "none"),
                followers: own,
              })
            }
          />
        </div>
      </header>
      <p>
        <VerdictTag verdict={change.verdict} /> <Sentence text={change.sentence} />.
      </p>
      {course.element}
      <Numbers change={change} />
      <Places change={change} />
      <Examples change={change} />
      <section aria-label="Parameters of the template">
        <h3>Parameters</h3>
        {parameters.isError ? (
          <p className="iq-muted">They could not be read: {parameters.error.message}</p>
        ) : parameters.data === undefined ? (
          <p className="iq-muted">Reading the parameters of its lines …</p>
        ) : (
          <ParameterTable
            compared={parameters.data[0] ?? null}
            drawn={drawn}
            onDraw={(parameter) => {
              setDrawn(parameter.name === drawn?.name ? null : parameter);
            }}
          />
        )}
      </section>
      {own.length > 0 && (
        <section aria-label="Followers that changed">
          <h3>Order that changed</h3>
          <FollowerTable changes={own} />
        </section>
      )}
      <details className="iq-log-changes-method">
        <summary>SQL behind these counts</summary>
        <pre className="iq-mono iq-sql" tabIndex={0} aria-label="SQL of this template">
          {change.sql}
        </pre>
      </details>
    </>
  );
}

function useCourse(
  input: LogsInput,
  found: LogComparison,
  change: TemplateChange,
  drawn: ParameterChange | null,
) {
  const theme = useView((s) => s.theme);
  const zone = useView((s) => s.timezone);
  const windows = useCase((s) => s.state?.windows);
  const bands = useMemo(() => bandsOf(windows), [windows]);
  const range = {
    from: Math.min(found.baseline.from, found.incident.from),
    to: Math.max(found.baseline.to, found.incident.to),
  };
  const measure = drawn === null ? RATE : measureOf(drawn);
  const { logs, edits } = input;
  const series = useAnalysis(
    "logSeries",
    { logs, edits, templateId: change.id, measure, range, buckets: BUCKETS },
    { keepPrevious: true },
  );
  const data = series.data ?? null;
  if (series.isError || data === null) {
    const why = series.isError ? series.error.message : "Counting its lines over time …";
    return {
      chart: null,
      lane: null,
      element: <p className="iq-muted iq-log-changes-wait">{why}</p>,
    };
  }
  const title =
    drawn === null
      ? `Lines per ${duration(data.bucket)}`
      : `${measureText(measure, `${drawn.name} after “${drawn.after}”`)}, per ${duration(data.bucket)}`;
  const unit =
    measure.kind === "rate"
      ? "lines"
      : measure.kind === "share"
        ? ""
        : (drawn?.numeric?.unit ?? "");
  return {
    chart: { title, unit, points: data.points },
    lane: laneOf(change, measure, drawn, data),
    element: (
      <SeriesChart
        title={title}
        label={drawn === null ? "lines" : drawn.name}
        {...(unit === "" ? {} : { unit })}
        times={data.points.map((p) => p.time)}
        bucket={data.bucket}
        values={data.points.map((p) => p.value)}
        bands={bands}
        zone={zone}
        palette={theme === "dark" ? DARK : LIGHT}
      />
    ),
  };
}

/** What is drawn, as a lane of the timeline. */
function laneOf(
  { id, name, text, shapes }: TemplateChange,
  measure: LogMeasure,
  drawn: ParameterChange | null,
  { value }: LogSeries,
): Lane {
  const title = name ?? text;
  if (drawn === null || value === null) return templateLane(id, title, shapes);
  const unit = measure.kind === "quantile" ? drawn.numeric?.unit : null;
  return {
    ...templateLane(
      `${id}/${drawn.name}`,
      `${measureText(measure, drawn.name)} (${title})`,
      shapes,
    ),
    statistic: "quantile",
    unit: unit ?? "",
    lines: {
      shapes: [...shapes],
      value,
      ...(measure.kind === "quantile" ? { q: measure.q } : {}),
    },
  };
}

function Numbers({ change }: { change: TemplateChange }) {
  const zone = useView((s) => s.timezone);
  const { baseline, incident } = change;
  // Rare lines are counted by the hour, so that the rate is a number to read.
  const isRare = Math.max(baseline.rate, incident.rate) < 1 / 60;
  const [unit, seconds] = isRare ? ["hour", 3600] : ["minute", 60];
  const rows = [
    { name: "lines", b: integer(baseline.lines), i: integer(incident.lines) },
    {
      name: `lines per ${unit}`,
      b: number(baseline.rate * seconds),
      i: number(incident.rate * seconds),
    },
    { name: "of its services’ lines", b: percent(baseline.share), i: percent(incident.share) },
  ];
  return (
    <section aria-label="Numbers of the template" className="iq-log-changes-numbers">
      <table className="iq-table" aria-label="Numbers of the template in both windows">
        <thead>
          <tr>
            <th scope="col">Measure</th>
            <th scope="col" className="iq-num">
              <WindowMark which="baseline" />
              Baseline
            </th>
            <th scope="col" className="iq-num">
              <WindowMark which="incident" />
              Incident
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => (
            <tr key={r.name}>
              <td>{r.name}</td>
              <td className="iq-num">{r.b}</td>
              <td className="iq-num">{r.i}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <dl className="iq-facts">
        <dt>rate, times</dt>
        <dd>
          {change.timeRatio === null ? "new" : number(change.timeRatio)}{" "}
          <span className="iq-muted">
            (99 %: {number(change.ratioLow)} to{" "}
            {change.ratioHigh === null ? "no end" : number(change.ratioHigh)})
          </span>
        </dd>
        <dt>against its services</dt>
        <dd>{change.volumeRatio === null ? "–" : number(change.volumeRatio)}</dd>
        <dt>burstiness</dt>
        <dd>
          variance {number(change.dispersion)} × mean
          {change.placebo !== null &&
            `; parts of the baseline differ up to ${number(change.placebo)}×`}
        </dd>
        <dt>log-odds</dt>
        <dd>
          {number(change.logOdds)}, {number(change.logOddsZ)} standard errors; q {pValue(change.q)}
        </dd>
        <dt>first line</dt>
        <dd>{timeWithZone(change.first, zone)}</dd>
        <dt>last line</dt>
        <dd>{timeWithZone(change.last, zone)}</dd>
      </dl>
    </section>
  );
}

function Places({ change }: { change: TemplateChange }) {
  if (change.where.length === 0) return null;
  return (
    <p className="iq-log-changes-places">
      {change.where.map((w) => (
        <span key={`${w.of}/${w.name}`} className="iq-layer">
          {w.of} <strong>{w.name}</strong> {(w.share * 100).toFixed(0)} % of its lines,{" "}
          {number(w.lift)}× its share of all
        </span>
      ))}
    </p>
  );
}

function Examples({ change }: { change: TemplateChange }) {
  if (change.examples.length === 0) return null;
  return (
    <section aria-label="Example lines">
      <h3>First lines{change.incident.lines === 0 ? " of the baseline" : " of the incident"}</h3>
      <ul className="iq-log-changes-examples">
        {change.examples.map((row) => (
          <li key={`${row.evidenceId}/${String(row.line)}`}>
            <span className="iq-muted iq-nowrap">
              {row.evidenceId} line {integer(row.line)}
            </span>
            <span className="iq-mono">{row.text}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
