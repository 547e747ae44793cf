import type { Symptom } from "../model/case.ts";
import type { TableMeta } from "../model/table.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import { NUMBER, NUMBER_OR_NULL, queryRows } from "../tables/rows.ts";
import { ident } from "../tables/sql.ts";
import { classSql } from "./course.ts";
import type { DependencyGraph } from "./rca/dependencies.ts";
import { formatNumber } from "./sentences.ts";
import { isNamed, type Candidate } from "./suspect-candidates.ts";
import { judged, type Judged } from "./suspect-checks.ts";
import { windowPredicate, type WindowPair } from "./windows.ts";

/** Rows of the incident whose value of a column became more frequent, and their outcome beside that of the others. */
export interface TouchedRows {
  /** The outcome that was measured: symptom, label or prediction. */
  readonly outcome: string;
  /** Share of the incident's rows, in [0, 1]. */
  readonly share: number;
  /** Mean outcome of all rows in the baseline, and of both parts in the incident. */
  readonly before: number;
  readonly touched: number;
  readonly others: number;
  /** Mean outcome of the others in the baseline. */
  readonly othersBefore: number;
  /** Change of the outcome over all rows in standard errors. */
  readonly z: number;
}

/** A class of values counts as grown from one and a half times its share, and a point more, on. */
const GROWN = { times: 1.5, more: 0.01 };
/** Outside of these shares rows cannot be held against each other. */
const LEAST_SHARE = 0.01;
const MOST_SHARE = 0.95;

/**
 * Splits the incident's rows by whether a column's change touches them. Null
 * where the table has no outcome, or the column no classes that grew.
 * @throws Fault<EngineError>
 */
export async function touchedRows(
  engine: Engine,
  candidate: Candidate,
  symptom: Symptom | null,
  windows: WindowPair,
  options: QueryOptions = {},
): Promise<TouchedRows | null> {
  const { table, compared, isSymptom } = candidate;
  if (table.target !== "own" || isSymptom) return null;
  const outcome = outcomeOf(table, symptom);
  const classes = classSql(table, compared);
  const [early, late] = [
    windowPredicate(table, windows.baseline),
    windowPredicate(table, windows.incident),
  ];
  if (outcome === null || classes === null || early === null || late === null) return null;
  const y = `${ident(outcome)}::DOUBLE`;
  const rows = await queryRows(
    engine,
    `SELECT ${classes} AS c,
  count(*) FILTER (${early})::DOUBLE AS nb, count(*) FILTER (${late})::DOUBLE AS ni,
  avg(${y}) FILTER (${early}) AS mb, avg(${y}) FILTER (${late}) AS mi, avg(${y} * ${y}) AS square
FROM ${ident(table.name)} WHERE (${early} OR ${late}) AND isfinite(${y}) GROUP BY 1`,
    {
      ...{ c: NUMBER, nb: NUMBER, ni: NUMBER },
      ...{ mb: NUMBER_OR_NULL, mi: NUMBER_OR_NULL, square: NUMBER_OR_NULL },
    },
    options,
  );
  return splitRows(outcome, rows);
}

interface ClassRow {
  readonly nb: number;
  readonly ni: number;
  readonly mb: number | null;
  readonly mi: number | null;
  readonly square: number | null;
}

function splitRows(outcome: string, rows: readonly ClassRow[]): TouchedRows | null {
  const [before, after] = [total(rows, "nb"), total(rows, "ni")];
  if (before === 0 || after === 0) return null;
  const isGrown = ({ nb, ni }: ClassRow) => ni / after > GROWN.times * (nb / before) + GROWN.more;
  const touched = rows.filter(isGrown);
  const others = rows.filter((r) => !isGrown(r));
  const share = total(touched, "ni") / after;
  if (share < LEAST_SHARE || share > MOST_SHARE || total(others, "nb") === 0) return null;
  const all = { before: meanOf(rows, "nb", "mb"), after: meanOf(rows, "ni", "mi") };
  const square =
    rows.reduce((sum, r) => sum + (r.nb + r.ni) * (r.square ?? 0), 0) / (before + after);
  const overall = (all.before * before + all.after * after) / (before + after);
  const variance = Math.max(1e-12, square - overall ** 2);
  return {
    ...{ outcome, share },
    before: all.before,
    touched: meanOf(touched, "ni", "mi"),
    others: meanOf(others, "ni", "mi"),
    othersBefore: meanOf(others, "nb", "mb"),
    z: (all.after - all.before) / Math.sqrt(variance / before + variance / after),
  };
}

function total(rows: readonly ClassRow[], of: "nb" | "ni"): number {
  return rows.reduce((sum, row) => sum + row[of], 0);
}

function meanOf(rows: readonly ClassRow[], n: "nb" | "ni", m: "mb" | "mi"): number {
  return rows.reduce((sum, row) => sum + row[n] * (row[m] ?? 0), 0) / Math.max(1, total(rows, n));
}

/** The symptom's column, else a label, else a prediction or score that is a number. */
function outcomeOf({ columns }: TableMeta, symptom: Symptom | null): string | null {
  const numbers = columns.filter((c) => c.type !== "varchar" && c.type !== "timestamp");
  const found =
    numbers.find((c) => isNamed(c.name, symptom)) ??
    numbers.find((c) => c.role === "label") ??
    numbers.find((c) => c.role === "prediction" || c.role === "score");
  return found?.name ?? null;
}

/** Least change of the outcome, in standard errors, that is worth dividing. */
const LEAST_Z = 3;
/** Of the change, rows that are not touched show less than this, or more than that. */
const SPARED = 0.35;
const ALIKE = 0.8;

/** Whether the trouble is in the rows that the change touches. */
export function checkTouched(rows: TouchedRows | null, isSymptom: boolean): Judged {
  const name = "coverage";
  if (isSymptom) return judged(name, "unknown", "it is an outcome itself", 1);
  if (rows === null) {
    const why = "rows with and without the change cannot be told apart by an outcome";
    return judged(name, "unknown", why, 1);
  }
  const { outcome, share, before, touched, others, othersBefore, z } = rows;
  const figures = `mean of \`${outcome}\` ${formatNumber(touched)} in the ${formatNumber(Math.round(1000 * share) / 10)} % of rows whose value became more frequent, ${formatNumber(others)} in the others (${formatNumber(othersBefore)} before)`;
  if (Math.abs(z) < LEAST_Z) {
    return judged(name, "unknown", `\`${outcome}\` did not change in all: ${figures}`, 1);
  }
  const change = share * touched + (1 - share) * others - before;
  const spared = (others - othersBefore) / change;
  if (spared <= SPARED) return judged(name, "supports", figures, 1.1);
  return spared >= ALIKE
    ? judged(name, "contradicts", `${figures}: those changed as much`, 0.7)
    : judged(name, "unknown", figures, 1);
}

/** From this strength on a service is in trouble. */
const IN_TROUBLE = 1 / 3;

/** How many of the other services in trouble call it, directly or through others. */
export function checkCallers(
  candidate: Candidate,
  all: readonly Candidate[],
  graph: DependencyGraph,
): Judged {
  const name = "coverage";
  const { service } = candidate;
  if (service === null || graph.size === 0) {
    return judged(name, "unknown", "the calls between services are not known", 1);
  }
  const others = [
    ...new Set(
      all.flatMap((c) =>
        c.service === null || c.service === service || c.strength < IN_TROUBLE ? [] : [c.service],
      ),
    ),
  ];
  if (others.length === 0)
    return judged(name, "supports", "no other service is in as much trouble", 1);
  const callers = others.filter((other) => reaches(graph, other, service));
  const why = `${String(callers.length)} of the ${String(others.length)} other services in trouble call ${service}, directly or through others`;
  const share = callers.length / others.length;
  return judged(name, share >= 0.5 ? "supports" : share < 0.2 ? "contradicts" : "unknown", why, 1);
}

function reaches(graph: DependencyGraph, from: string, to: string): boolean {
  const seen = new Set([from]);
  const queue = [from];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const callee of graph.get(next) ?? []) {
      if (callee === to) return true;
      if (seen.has(callee)) continue;
      seen.add(callee);
      queue.push(callee);
    }
  }
  return false;
}
