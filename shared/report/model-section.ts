import { METRIC_RULES } from "../analysis/model/metric-rules.ts";
import type {
  Estimate,
  GroupChecks,
  MetricChange,
  ModelChecks,
  ModelPerformance,
} from "../model/model-checks.ts";
import { integer, number } from "./format.ts";

export interface ModelTable {
  readonly caption: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One model in words and tables, the same in every format. */
export interface ModelSection {
  readonly title: string;
  readonly statements: readonly string[];
  readonly tables: readonly ModelTable[];
  /** What the numbers rest on. */
  readonly notes: readonly string[];
}

const METRIC_HEADER = ["Metric", "Baseline", "Incident", "Change", "Verdict"];
/** Segments and versions that stand in the report; all are in findings.json. */
const MOST_GROUPS = 12;

/** What the report says of the models of a case; empty where there is none. */
export function modelSections(models: ModelPerformance | null): ModelSection[] {
  if (models === null) return [];
  return [
    ...models.checks.map(checksSection),
    ...models.versions
      .filter((v) => v.steps.length > 0)
      .map(({ table, column, steps, statements }) => ({
        title: `Versions of the model in ${table}, each against the one before it`,
        statements,
        tables: [
          {
            caption: `By ${column}, over all rows`,
            header: ["Versions", ...METRIC_HEADER],
            rows: steps.flatMap((s) =>
              changed(s.metrics).map((m) => [`${s.before} → ${s.after}`, ...metricRow(m)]),
            ),
          },
        ].filter((t) => t.rows.length > 0),
        notes: [],
      })),
    ...models.trainingServing.map((t) => ({
      title: `Training (${t.training}) against serving (${t.serving})`,
      statements: t.statements,
      tables:
        t.metrics.length === 0
          ? []
          : [
              {
                caption: "Baseline is training, incident is serving",
                header: METRIC_HEADER,
                rows: t.metrics.map(metricRow),
              },
            ],
      notes: [`${integer(t.rows.training)} training rows, ${integer(t.rows.serving)} served rows.`],
    })),
  ];
}

function checksSection(checks: ModelChecks): ModelSection {
  const { table, task, skipped, baseline, incident, estimated } = checks;
  if (skipped !== null) {
    return { title: table, statements: [`Not checked: ${skipped}.`], tables: [], notes: [] };
  }
  const groups = [...checks.versions, ...checks.segments];
  const tables: ModelTable[] = [
    {
      caption: `Performance with 95 % intervals: ${integer(baseline.labelled)} labelled rows of ${integer(baseline.rows)} in the baseline, ${integer(incident.labelled)} of ${integer(incident.rows)} in the incident`,
      header: METRIC_HEADER,
      rows: checks.metrics.map(metricRow),
    },
    {
      caption:
        "Estimated without the incident’s labels, from calibrated scores (CBPE); the baseline is the realised value",
      header: METRIC_HEADER,
      rows: (estimated?.metrics ?? []).map(metricRow),
    },
    {
      caption: "The change split into what only inputs, class shares and the concept would bring",
      header: ["Metric", "Inputs", "Labels", "Concept", "Whole change"],
      rows: checks.decompositions.map(({ metric, parts, change }) => [
        METRIC_RULES[metric].label,
        ...[parts.inputs, parts.labels, parts.concept, change].map(signedInterval),
      ]),
    },
    {
      caption: "Segments and versions with a changed metric, largest first",
      header: ["Rows with", ...METRIC_HEADER],
      rows: changedGroups(groups),
    },
  ];
  return {
    title: `${table}: ${task ?? "model"}`,
    statements: checks.statements,
    tables: tables.filter((t) => t.rows.length > 0),
    notes: [
      ...checks.readings,
      ...(estimated === null
        ? []
        : [`The estimate without labels holds if: ${estimated.assumptions.join(" ")}`]),
    ],
  };
}

function changed(metrics: readonly MetricChange[]): MetricChange[] {
  return metrics.filter((m) => m.verdict !== "none" && m.direction !== "neither");
}

function changedGroups(groups: readonly GroupChecks[]): string[][] {
  return groups
    .flatMap((g) => changed(g.metrics).map((m) => ({ g, m })))
    .sort((a, b) => Math.abs(b.m.change?.value ?? 0) - Math.abs(a.m.change?.value ?? 0))
    .slice(0, MOST_GROUPS)
    .map(({ g, m }) => [`${g.column} = ${g.value}`, ...metricRow(m)]);
}

function metricRow(m: MetricChange): string[] {
  const verdict = m.verdict === "none" ? "no change" : `${m.verdict}, ${DIRECTIONS[m.direction]}`;
  return [
    METRIC_RULES[m.metric].label,
    interval(m.baseline),
    interval(m.incident),
    signedInterval(m.change),
    m.change === null ? "–" : verdict,
  ];
}

const DIRECTIONS = { better: "better", worse: "worse", neither: "neither better nor worse" };

/** `0.912 (0.905 to 0.919)` */
function interval(estimate: Estimate | null): string {
  if (estimate === null) return "–";
  return `${number(estimate.value)} (${number(estimate.low)} to ${number(estimate.high)})`;
}

function signedInterval(estimate: Estimate | null): string {
  if (estimate === null) return "–";
  const signed = (v: number): string => (v > 0 ? `+${number(v)}` : number(v));
  return `${signed(estimate.value)} (${signed(estimate.low)} to ${signed(estimate.high)})`;
}
