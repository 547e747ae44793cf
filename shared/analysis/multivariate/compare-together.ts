import type {
  CorrelationChange,
  DomainClassifier,
  Multivariate,
  Reconstruction,
} from "../../model/multivariate.ts";
import type { Shift } from "../../model/shift.ts";
import type { TableMeta } from "../../model/table.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER, queryRows } from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";
import { shiftOf } from "../quality/check.ts";
import { formatList, formatNumber, formatShare } from "../sentences.ts";
import { withoutProgress, type TableTask } from "../table-task.ts";
import { whyNotApplicable, windowPredicate, type WindowPair } from "../windows.ts";
import { correlationChange, pairScore } from "./correlation-change.ts";
import { classifierScore, classifyDomain, codeColumns, tellsTime } from "./domain-classifier.ts";
import { reconstruction, reconstructionScore } from "./reconstruction.ts";
import { readSample, sampleCondition, type LeftOut, type Sample } from "./sample.ts";

/**
 * The differences between two windows that no column shows alone: columns that
 * no longer go together, a classifier of a row's window, and the error with which
 * the baseline's principal components rebuild rows. It reads at most about 20,000
 * rows per window, chosen by hash, and says so. Each verdict is beyond what parts
 * of the baseline differ by. Comes back with `skipped` where there is nothing to ask.
 * @throws Fault<EngineError>
 */
export async function compareTogether(
  engine: Engine,
  table: TableMeta,
  windows: WindowPair,
  options: QueryOptions = {},
): Promise<Multivariate> {
  const task = await taskOf(engine, table, windows, options);
  if (typeof task === "string") return nothing(table, task);
  const sample = await readSample(task);
  options.onProgress?.(0.2);
  const all = codeColumns(sample);
  const coded = all.filter((c) => !tellsTime(c));
  const clocks = all.filter(tellsTime).map((c): LeftOut => ({
    column: c.column.column.name,
    why: "it goes with time: it tells parts of the baseline apart as well",
  }));
  const together: Sample = { ...sample, columns: coded.map((c) => c.column) };
  const correlations = await correlationChange(task, together);
  options.onProgress?.(0.4);
  const { classifier, leftOut, why } = classifyDomain(task, sample, coded);
  options.onProgress?.(0.9);
  const without = new Set(leftOut.map((l) => l.column));
  const inputs = together.columns.filter((c) => !without.has(c.column.name));
  const rebuilt = reconstruction(sample, inputs);
  options.onProgress?.(1);
  const shifts = shiftsOf(task, correlations, classifier, rebuilt);
  return {
    table: table.name,
    baselineRows: task.rows.baseline,
    incidentRows: task.rows.incident,
    sampled: { ...sample.rows, whole: sample.whole },
    leftOut: [...sample.leftOut, ...clocks, ...leftOut],
    correlations,
    classifier,
    reconstruction: rebuilt,
    statements: statementsOf(shifts, correlations, classifier, rebuilt, why),
    shifts,
    skipped: null,
  };
}

/** What all parts need to know; a text says why there is nothing to compare. */
async function taskOf(
  engine: Engine,
  table: TableMeta,
  windows: WindowPair,
  options: QueryOptions,
): Promise<TableTask | string> {
  if (table.target !== "own" && table.target !== "events") {
    return "columns are looked at together in tables with columns of their own";
  }
  const why =
    whyNotApplicable(table, windows.baseline) ?? whyNotApplicable(table, windows.incident);
  const baseline = windowPredicate(table, windows.baseline);
  const incident = windowPredicate(table, windows.incident);
  if (why !== null || baseline === null || incident === null) {
    return why ?? "the windows do not apply to the table";
  }
  const [counts] = await queryRows(
    engine,
    `SELECT count(*) FILTER (WHERE ${baseline}) AS b, count(*) FILTER (WHERE ${incident}) AS i FROM ${ident(table.name)}`,
    { b: NUMBER, i: NUMBER },
    withoutProgress(options),
  );
  const rows = { baseline: counts?.b ?? 0, incident: counts?.i ?? 0 };
  if (rows.baseline === 0) return "the baseline has no rows";
  if (rows.incident === 0) return "the incident has no rows";
  const predicates = { baseline, incident };
  return { engine, table, windows, predicates, rows, evidenceIds: table.evidenceIds, options };
}

function nothing(table: TableMeta, skipped: string): Multivariate {
  return {
    table: table.name,
    baselineRows: 0,
    incidentRows: 0,
    sampled: { baseline: 0, incident: 0, whole: true },
    leftOut: [],
    correlations: null,
    classifier: null,
    reconstruction: null,
    statements: [],
    shifts: [],
    skipped,
  };
}

/** At most one shift of correlations and one of rows as a whole: the stronger of two measures. */
function shiftsOf(
  task: TableTask,
  correlations: CorrelationChange | null,
  classifier: DomainClassifier | null,
  rebuilt: Reconstruction | null,
): Shift[] {
  const found = [
    correlationShift(task, correlations),
    ...[classifierShift(task, classifier), reconstructionShift(task, rebuilt)]
      .filter((s) => s !== null)
      .sort((a, b) => b.score - a.score)
      .slice(0, 1),
  ];
  return found.filter((s) => s !== null).sort((a, b) => b.score - a.score);
}

function correlationShift(task: TableTask, found: CorrelationChange | null): Shift | null {
  const top = found?.pairs[0];
  if (found === null || top === undefined || top.verdict === "none") return null;
  const more = found.changed - 1;
  const others =
    more === 0 ? "" : `; ${String(more)} more of ${String(found.compared)} pairs changed`;
  const draft = shiftOf(task, {
    column: null,
    kind: "correlation",
    statistic: { name: "correlation_change", value: top.change, p: top.p },
    effect: { name: "cohens_q", value: top.cohensQ },
    measure: "correlation_change",
    size: Math.max(0, Math.abs(top.change) - top.usual),
    sentence: `${top.sentence}${others}`,
    facts: found.pairs
      .filter((p) => p.verdict !== "none")
      .slice(0, 10)
      .map((p) => ({
        name: `${p.a}, ${p.b}`,
        value: `${formatNumber(p.baseline)} → ${formatNumber(p.incident)}`,
      })),
    sql: top.sql,
  });
  return { ...draft, q: top.q, verdict: top.verdict, score: pairScore(top) };
}

function classifierShift(task: TableTask, found: DomainClassifier | null): Shift | null {
  if (found === null || found.verdict === "none") return null;
  const draft = shiftOf(task, {
    column: null,
    kind: "multivariate",
    statistic: { name: "domain_auc", value: found.auc.value, p: found.p },
    effect: { name: "roc_auc", value: found.auc.value },
    measure: "domain_auc",
    size: 0,
    sentence: classifierSentence(found),
    facts: found.drivers.slice(0, 5).map((d) => ({
      name: d.column,
      value: `area lost without it ${formatNumber(d.importance)}, alone ${formatNumber(d.alone)}`,
    })),
    sql: rowsSql(task, found.columns),
  });
  return { ...draft, q: found.p, verdict: found.verdict, score: classifierScore(found) };
}

function reconstructionShift(task: TableTask, found: Reconstruction | null): Shift | null {
  if (found === null || found.verdict === "none") return null;
  const draft = shiftOf(task, {
    column: null,
    kind: "multivariate",
    statistic: { name: "reconstruction_error", value: found.incidentError, p: null },
    effect: { name: "cohens_d", value: found.effect },
    measure: "reconstruction_error",
    size: found.effect,
    sentence: reconstructionSentence(found),
    facts: [
      {
        name: "components",
        value: `${String(found.components)} of ${String(found.columns.length)}`,
      },
      { name: "variance kept", value: formatShare(found.explained) },
    ],
    sql: rowsSql(task, found.columns),
  });
  return { ...draft, score: reconstructionScore(found) };
}

/** The rows that a method in code read: the numbers are computed from them outside of SQL. */
function rowsSql({ table, predicates, rows }: TableTask, columns: readonly string[]): string {
  const names = columns.map(ident).join(", ");
  const part = (name: string, condition: string, count: number): string =>
    `SELECT '${name}' AS win, ${names} FROM ${ident(table.name)}\nWHERE ${condition} AND ${sampleCondition(count)}`;
  return `-- The rows that were read; the measure is computed from them outside of SQL.
${part("baseline", predicates.baseline, rows.baseline)}
UNION ALL ${part("incident", predicates.incident, rows.incident)}`;
}

function classifierSentence({ auc, placebo, drivers, halves }: DomainClassifier): string {
  const usual =
    placebo === null
      ? ""
      : halves === "time"
        ? `; between two halves of the baseline it is right in ${formatShare(placebo.value)}`
        : `; between two random halves of the baseline it is right in ${formatShare(placebo.value)}`;
  const by = drivers.filter((d) => d.importance > 0.005).map((d) => `\`${d.column}\``);
  const most = by.length === 0 ? "" : `; it goes mostly by ${formatList(by)}`;
  return `From its columns together a row of the incident can be told from one of the baseline in ${formatShare(auc.value)} of pairs (50 % is guessing)${usual}${most}`;
}

function reconstructionSentence({
  baselineError,
  incidentError,
  band,
  points,
}: Reconstruction): string {
  const incident = points.filter((p) => p.window === "incident");
  const outside = incident.filter((p) => p.outside).length;
  const where =
    band === null
      ? ""
      : `; ${String(outside)} of the incident's ${String(incident.length)} stretches of time lie outside of the baseline's usual range`;
  const verb = incidentError > baselineError ? "rose" : "fell";
  return `The columns no longer vary together as in the baseline: the error of rebuilding a row from the baseline's main components ${verb} from ${formatNumber(baselineError)} to ${formatNumber(incidentError)} standard deviations${where}`;
}

function statementsOf(
  shifts: readonly Shift[],
  correlations: CorrelationChange | null,
  classifier: DomainClassifier | null,
  rebuilt: Reconstruction | null,
  why: string | null,
): string[] {
  const said = shifts.map((s) => `${s.sentence}.`);
  if (correlations === null) said.push("Fewer than two columns can be looked at together.");
  else if (correlations.changed === 0) {
    said.push(
      `None of ${String(correlations.compared)} pairs of columns goes together differently, beyond what parts of the baseline differ by.`,
    );
  }
  if (classifier === null) {
    if (why !== null) said.push(`The windows' rows are not classified: ${why}.`);
  } else if (classifier.verdict === "none") {
    said.push(`${classifierSentence(classifier)}: no more than is usual.`);
  }
  if (rebuilt === null) {
    said.push(
      "The reconstruction error is not known: it needs two columns, and ten rows of the baseline for each.",
    );
  }
  return said;
}
