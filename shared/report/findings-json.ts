import { formatIso, type EvidenceTime } from "../base/time.ts";
import { cutExports } from "../model/cut-exports.ts";
import type { FindingsFile } from "../model/findings-file.ts";
import type { ModelChecks } from "../model/model-checks.ts";
import type { Reconstruction } from "../model/multivariate.ts";
import type { Window } from "../model/window.ts";
import { reviewOf } from "../model/review.ts";
import type { Items } from "../model/reasoning.ts";
import type { ReportInput } from "./report-input.ts";

type ReportFile = FindingsFile["report_files"][number];

/** `findings.json`: the same content for other programs (see `model/findings-file.ts`). */
export function findingsFile(input: ReportInput, files: readonly ReportFile[]): FindingsFile {
  const { state, comparison, suspects } = input;
  return {
    inquest: 1,
    case: state.name,
    generated_by: { name: "inquest", version: input.version },
    windows: {
      baseline: isoWindow(state.windows.baseline),
      incident: isoWindow(state.windows.incident),
    },
    symptom: state.symptom,
    impact: state.impact,
    evidence: state.evidence.map((e) => ({
      id: e.id,
      path: e.path,
      ...(e.options.member === undefined ? {} : { member: e.options.member }),
      sha256: e.sha256,
      importer: e.importer,
      table: e.table,
      rows: e.rows,
      rejected: e.rejected,
      from: iso(e.from),
      to: iso(e.to),
      notes: e.notes,
    })),
    cut_exports: cutExports(state.evidence, state.windows).map(({ id, why }) => ({
      evidence_id: id,
      why,
    })),
    failed: input.failed.map((f) => ({ ...f })),
    schema_changes: (comparison?.schemaChanges ?? []).map((s) => ({ ...s })),
    shifts: shiftsOf(input),
    together: togetherOf(input),
    segment_drift: segmentDriftOf(input),
    rules: rulesOf(input),
    models: (input.models?.checks ?? []).map(modelOf),
    model_versions: finiteIn(
      (input.models?.versions ?? []).map(({ table, column, steps, statements }) => ({
        ...{ table, column, steps, statements },
      })),
    ),
    training_serving: finiteIn(input.models?.trainingServing ?? []),
    changepoints: suspects.flatMap((s) =>
      s.onset === null || s.kind === "event"
        ? []
        : [
            {
              table: s.table,
              subject: s.name,
              at: at(s.onset.at),
              from: at(s.onset.from),
              to: at(s.onset.to),
            },
          ],
    ),
    suspects: suspects.map(({ onset, shiftIds, evidenceIds, ...rest }) => ({
      ...rest,
      onset: onset === null ? null : { at: at(onset.at), from: at(onset.from), to: at(onset.to) },
      shift_ids: shiftIds,
      evidence_ids: evidenceIds,
    })),
    timeline: input.timeline.map((e) => ({
      at: at(e.at),
      kind: e.kind,
      title: e.title,
      service: e.service,
      evidence_id: `E${e.evidence}`,
      line: e.line,
    })),
    findings: state.findings,
    review: reviewOf(state),
    texts: {
      summary: state.summary,
      problem: state.texts.problem ?? "",
      detection_gap: state.texts["detection-gap"] ?? "",
      lessons: state.texts.lessons ?? "",
    },
    conclusions: conclusionsOf(state.items),
    report_files: [...files],
  };
}

function shiftsOf({ comparison }: ReportInput): FindingsFile["shifts"] {
  if (comparison === null) return [];
  const columns = comparison.tables.flatMap((t) => t.columns);
  return comparison.shifts.flatMap((s) => {
    const column = columns.find((c) => c.shifts.some((other) => other.id === s.id));
    if (column === undefined || s.verdict === "none") return [];
    const named = (type: string): string | null =>
      s.subject.type === type ? s.subject.name : null;
    return [
      {
        id: s.id,
        table: s.table,
        kind: s.kind,
        column: named("column"),
        metric: named("metric"),
        template: named("template"),
        statistic: s.statistic.name,
        value: finite(s.statistic.value),
        effect: { name: s.effect.name, value: finite(s.effect.value) },
        p: s.p,
        q: s.q,
        verdict: s.verdict,
        score: s.score,
        impact: s.impact ?? null,
        layer: s.layer,
        sentence: s.sentence,
        sql: s.sql,
        evidence_ids: s.evidenceIds,
        baseline: column.baseline,
        incident: column.incident,
        statistics: column.statistics.map((t) => ({ ...t, value: finite(t.value) })),
      },
    ];
  });
}

function togetherOf({ depth }: ReportInput): FindingsFile["together"] {
  return finiteIn(
    (depth?.together ?? []).map((t) => ({
      table: t.table,
      rows: t.sampled,
      statements: t.statements,
      pairs: (t.correlations?.pairs ?? []).filter((p) => p.verdict !== "none"),
      classifier: t.classifier,
      reconstruction: t.reconstruction === null ? null : withoutPoints(t.reconstruction),
      left_out: t.leftOut,
    })),
  );
}

function withoutPoints(found: Reconstruction): Omit<Reconstruction, "points"> {
  const { columns, components, explained, bucket, band, effect, verdict } = found;
  const { baselineError, incidentError } = found;
  return {
    ...{ columns, components, explained, bucket, band },
    ...{ baselineError, incidentError, effect, verdict },
  };
}

function segmentDriftOf({ depth }: ReportInput): FindingsFile["segment_drift"] {
  return finiteIn(
    (depth?.segments ?? []).flatMap(({ table, column, segmentColumns, sql }) =>
      segmentColumns.map(({ segmentColumn, cause, whole, mix, within, sentence, segments }) => ({
        ...{ table, column, segment_column: segmentColumn, cause, whole, mix, within, sentence },
        segments: segments.map(
          ({ value, baseline, incident, psi, jensenShannon, p, q, verdict }) => ({
            ...{ value, baseline, incident, psi, jensen_shannon: jensenShannon, p, q, verdict },
          }),
        ),
        sql,
      })),
    ),
  );
}

function rulesOf({ rules }: ReportInput): FindingsFile["rules"] {
  if (rules == null) return null;
  const counted = (outcome: string) => rules.results.filter((r) => r.outcome === outcome);
  return finiteIn({
    checked: rules.results.length,
    passed: counted("passed").length,
    failures: counted("failed").map(({ table, rule, observed, sql, ...result }) => ({
      ...{ table, type: rule.type, kwargs: rule.kwargs, reason: rule.reason, observed },
      elements: result.elements,
      unexpected: result.unexpected,
      unexpected_share: result.unexpectedShare,
      examples: result.examples.map(({ value, evidenceId, line }) => ({
        ...{ value, evidence_id: evidenceId, line },
      })),
      sql,
    })),
    skipped: counted("skipped").map(({ table, rule, observed }) => ({
      ...{ table, type: rule.type, kwargs: rule.kwargs, why: observed },
    })),
    unsupported: rules.unsupported.map(({ file, type, why }) => ({ file, type, why })),
  });
}

function modelOf(checks: ModelChecks): FindingsFile["models"][number] {
  const { table, skipped, task, readings, baseline, incident, statements, sql } = checks;
  const { labels, metrics, estimated, decompositions, segments, versions } = checks;
  return finiteIn({
    ...{ table, skipped, task, positive_class: checks.positiveClass, readings },
    ...{ baseline, incident, immature_from: iso(labels?.immatureFrom ?? null), metrics },
    estimated:
      estimated === null
        ? null
        : {
            metrics: estimated.metrics,
            assumptions: estimated.assumptions,
            statement: estimated.statement,
          },
    decompositions: decompositions.map(({ metric, method, path, change, parts, statement }) => ({
      ...{ metric, method, path, change, parts, statement },
    })),
    ...{ segments, versions, statements, sql },
  });
}

/** The same with every number finite. */
function finiteIn<T>(value: T): T {
  if (typeof value === "number") return finite(value) as T;
  if (Array.isArray(value)) return value.map(finiteIn) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, finiteIn(v)])) as T;
}

/** JSON has neither infinity nor NaN. */
function finite(value: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
}

function isoWindow(window: Window | null): FindingsFile["windows"]["baseline"] {
  return window === null
    ? null
    : { from: iso(window.from), to: iso(window.to), filter: window.filter ?? null };
}

function iso(time: number | null): string | null {
  return time === null ? null : at(time);
}

function at(time: number): string {
  return formatIso(time as EvidenceTime);
}

/** The items of the reasoning tools; those of the report and of the guide say nothing about the incident. */
function conclusionsOf(items: Items): FindingsFile["conclusions"] {
  const { hypotheses, cells, whys, categories, causes, failureModes, sweep, factors } = items;
  const { milestones, impacts, objectives, actions } = items;
  return {
    ...{ hypotheses, cells, whys, categories, causes, failureModes, sweep, factors },
    ...{ milestones, impacts, objectives, actions },
  };
}
