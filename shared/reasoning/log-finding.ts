import type {
  FollowerChange,
  LogPoint,
  ParameterChange,
  StackChange,
  TemplateChange,
} from "../model/log-comparison.ts";
import type { Finding } from "../model/finding.ts";
import type { TableMeta } from "../model/table.ts";
import { asSentence } from "../analysis/sentences.ts";
import type { Engine } from "../tables/engine.ts";
import { provenanceOf, type NewFinding } from "./make-finding.ts";

/** What a template's chart shows when it is pinned. */
export interface LogChart {
  readonly title: string;
  readonly unit: string;
  readonly points: readonly LogPoint[];
}

/**
 * How often a template was written in both windows, with its example lines and, where
 * it is shown, its course. Throws `Fault<EngineError>`.
 */
export async function findingFromTemplate(
  engine: Engine,
  { id, createdAt }: NewFinding,
  logs: TableMeta,
  change: TemplateChange,
  chart: LogChart | null,
  windows: Record<string, unknown>,
): Promise<Finding> {
  const { baseline, incident } = change;
  const values = chart?.points.map((p) => p.value) ?? [];
  return {
    id,
    kind: "shift",
    title: `Log template ${change.kind.replaceAll("_", " ")}: ${clipped(change.name ?? change.text)}`,
    note: "",
    statement: asSentence(change.sentence),
    provenance: await provenanceOf(engine, change.sql, windows),
    evidenceIds: evidenceOf(logs, change.examples),
    rows: [...change.examples],
    chart:
      chart === null
        ? null
        : {
            kind: "series",
            title: chart.title,
            unit: chart.unit,
            times: chart.points.map((p) => p.time),
            ...{ values, min: values, max: values },
          },
    numbers: {
      header: ["", "Baseline", "Incident"],
      cells: [
        ["lines", String(baseline.lines), String(incident.lines)],
        ["lines per second", text(baseline.rate), text(incident.rate)],
        ["share of its services' lines", text(baseline.share), text(incident.share)],
        ["incident over baseline, per time", "", text(change.timeRatio)],
        ["the same against its services", "", text(change.volumeRatio)],
        ["99 % interval", text(change.ratioLow), text(change.ratioHigh)],
        ["log-odds ratio, in standard errors", "", text(change.logOddsZ)],
        ["q (Benjamini-Hochberg)", "", text(change.q)],
      ],
    },
    createdAt,
  };
}

/** A parameter of a template whose values moved, with its course. Throws `Fault<EngineError>`. */
export async function findingFromParameter(
  engine: Engine,
  { id, createdAt }: NewFinding,
  logs: TableMeta,
  template: TemplateChange,
  change: ParameterChange,
  series: { readonly title: string; readonly points: readonly LogPoint[]; readonly sql: string },
  windows: Record<string, unknown>,
): Promise<Finding> {
  const values = series.points.map((p) => p.value);
  const { numeric, value } = change;
  const unit = numeric?.unit ?? null;
  return {
    id,
    kind: "shift",
    title: `Log parameter moved: ${clipped(template.name ?? template.text)}, ${change.name}`,
    note: "",
    statement: asSentence(change.sentence),
    provenance: await provenanceOf(engine, series.sql, windows),
    evidenceIds: evidenceOf(logs, template.examples),
    rows: [...template.examples],
    chart: {
      kind: "series",
      title: series.title,
      ...(unit === null ? {} : { unit }),
      times: series.points.map((p) => p.time),
      ...{ values, min: values, max: values },
    },
    numbers: {
      header: ["", "Baseline", "Incident"],
      cells: [
        ...(numeric === null
          ? []
          : [
              ["values", String(numeric.baseline.n), String(numeric.incident.n)],
              ["median", text(numeric.baseline.median), text(numeric.incident.median)],
              ["95 %", text(numeric.baseline.p95), text(numeric.incident.p95)],
              ["Kolmogorov-Smirnov", "", text(numeric.ks)],
            ]),
        ...(value === null
          ? []
          : [
              [`share of “${value.value}”`, text(value.baseline), text(value.incident)],
              ["Cohen's h", "", text(value.h)],
            ]),
        ["q (Benjamini-Hochberg)", "", text(change.q)],
      ],
    },
    createdAt,
  };
}

/** A pair of templates that no longer follow each other, or do so since the incident. */
export async function findingFromFollower(
  engine: Engine,
  { id, createdAt }: NewFinding,
  logs: TableMeta,
  change: FollowerChange,
  sql: string,
  windows: Record<string, unknown>,
): Promise<Finding> {
  const rate = (r: FollowerChange["baseline"]): string[] => [
    String(r.cases),
    String(r.followed),
    text(r.share),
    `${text(r.low)} to ${text(r.high)}`,
  ];
  return {
    id,
    kind: "shift",
    title: `Log sequence ${change.kind === "broken" ? "broken" : "new"}: ${clipped(change.first.text)} → ${clipped(change.then.text)}`,
    note: "",
    statement: asSentence(
      `\`${change.then.text}\` ${change.sentence}, after \`${change.first.text}\``,
    ),
    provenance: await provenanceOf(engine, sql, windows),
    evidenceIds: [...logs.evidenceIds],
    rows: [],
    chart: null,
    numbers: {
      header: ["", "Cases", "Followed", "Share", "95 % interval"],
      cells: [
        ["baseline", ...rate(change.baseline)],
        ["incident", ...rate(change.incident)],
      ],
    },
    createdAt,
  };
}

/** A stack trace with its counts and the first message that has it. */
export async function findingFromStack(
  engine: Engine,
  { id, createdAt }: NewFinding,
  change: StackChange,
  sql: string,
  windows: Record<string, unknown>,
): Promise<Finding> {
  return {
    id,
    kind: "shift",
    title: `Stack trace ${change.kind.replaceAll("_", " ")}: ${clipped(change.exception)}`,
    note: "",
    statement: asSentence(change.sentence),
    provenance: await provenanceOf(engine, sql, windows),
    evidenceIds: [change.example.evidenceId],
    rows: [change.example],
    chart: null,
    numbers: {
      header: ["", "Value"],
      cells: [
        ["baseline", String(change.baseline)],
        ["incident", String(change.incident)],
        ["services", change.services.join(", ")],
        ...change.frames.map((frame, k) => [k === 0 ? "innermost frame" : "called by", frame]),
      ],
    },
    createdAt,
  };
}

/** The files of the examples, or of all logs where there are none. */
function evidenceOf(logs: TableMeta, rows: readonly { readonly evidenceId: string }[]): string[] {
  const cited = [...new Set(rows.map((r) => r.evidenceId))];
  return cited.length > 0 ? cited : [...logs.evidenceIds];
}

function clipped(title: string): string {
  return title.length > 80 ? `${title.slice(0, 79)}…` : title;
}

function text(value: number | null): string {
  if (value === null) return "";
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}
