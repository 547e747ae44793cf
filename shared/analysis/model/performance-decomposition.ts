import type { Decomposition } from "../../model/model-checks.ts";
import type { TableMeta } from "../../model/table.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { queryTable, readColumn } from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";
import type { WindowPredicates } from "../compare-sql.ts";
import { cohensH } from "../statistics/effect-sizes.ts";
import { crossFittedDomain } from "./boosted-trees.ts";
import { bbseWeights, decompose, type DecomposedMetric, type Stratum } from "./decomposition.ts";
import { METRIC_RULES } from "./metric-rules.ts";
import { numberOf, type ModelSetup } from "./model-columns.ts";
import { rocAuc } from "./ranking-areas.ts";
import { binSql, matureLabel, type Cell } from "./score-cells.ts";
import { histogramOfRows } from "./score-histogram.ts";

type Column = TableMeta["columns"][number];

/** Rows per window that the domain classifier sees at most, chosen by hash. */
const DOMAIN_ROWS = 20_000;
const LEAST_ROWS = 200;
const MOST_FEATURES = 40;
const CATEGORIES = 31;
/** Groups of equal mass within which P(y|score) is one rate. */
const GROUPS = 20;
/** Below this overlap the split falls back to bins of the score. */
const LEAST_OVERLAP = 0.2;

interface DecompositionInput {
  readonly table: TableMeta;
  readonly setup: ModelSetup;
  readonly predicates: WindowPredicates;
  /** Labels from here on (µs UTC) count as missing. */
  readonly immatureFrom: number | null;
  /** Columns that the windows filter on; no inputs. */
  readonly filtered: ReadonlySet<string>;
  /** Whether the windows were served by different versions of the model. */
  readonly versionsDiffer: boolean;
  /** Labelled cells of both windows over the fine bins of the score. */
  readonly baseline: readonly Cell[];
  readonly incident: readonly Cell[];
}

/**
 * Splits the change of accuracy and of ROC area of a binary model into inputs,
 * class shares and concept. Inputs are compared by a domain classifier over
 * the feature and segment columns, cross-fitted on up to 20,000 rows of each
 * window chosen by hash; without such columns, or where the inputs hardly overlap, by
 * bins of the score over all rows. Empty below 200 labelled rows in a window.
 * @throws Fault<EngineError>
 */
export async function decomposePerformance(
  engine: Engine,
  input: DecompositionInput,
  options: QueryOptions = {},
): Promise<Decomposition[]> {
  const labelled = (cells: readonly Cell[]): Cell[] =>
    cells.filter((c) => c.y !== null && (c.bin >= 0 || c.p !== null) && c.w > 0);
  const baseline = labelled(input.baseline);
  const incident = labelled(input.incident);
  const rows = { baseline: rowsOf(baseline), incident: rowsOf(incident) };
  if (rows.baseline < LEAST_ROWS || rows.incident < LEAST_ROWS) return [];
  const features = featureColumns(input);
  const byScore = { strata: scoreStrata(baseline, incident), rows: { ...rows, sampled: false } };
  const byDomain =
    features.length === 0 ? null : await domainStrata(engine, input, features, rows, options);
  // Where inputs do not overlap, P(y|x) has nothing in common to be compared on.
  const apart = byDomain !== null && overlapOf(byDomain.strata) < LEAST_OVERLAP;
  const found = byDomain === null || apart ? byScore : byDomain;
  const path = pathOf(baseline, incident);
  const weights = labelWeights(input.setup, baseline, input.incident, incident);
  const metrics: DecomposedMetric[] = [];
  if (found.strata.some((s) => s.p !== null)) metrics.push("accuracy");
  if (found.strata.some((s) => s.bin >= 0)) metrics.push("roc_auc");
  return metrics.flatMap((metric) => {
    const scored = metric === "roc_auc" ? found.strata.filter((s) => s.bin >= 0) : found.strata;
    const split = decompose(scored, metric, path);
    if (split === null) return [];
    const parts = {
      metric,
      method: found === byScore ? ("score_bins" as const) : ("domain_classifier" as const),
      path,
      ...split,
      domainAuc: byDomain?.auc ?? null,
      overlap: overlapOf(found.strata),
      rows: found.rows,
      labelWeights: weights,
    };
    return [{ ...parts, statement: statementOf(parts, input.versionsDiffer, apart) }];
  });
}

/** Twice the mass of p q / (p + q): 1 for equal inputs, 0 for inputs apart. */
function overlapOf(strata: readonly Stratum[]): number {
  const baseline = strata.reduce((s, x) => s + x.baseline, 0);
  return Math.min(1, (2 * strata.reduce((s, x) => s + x.sharedBaseline, 0)) / baseline);
}

function rowsOf(cells: readonly Cell[]): number {
  return cells.reduce((s, c) => s + c.rows, 0);
}

function featureColumns({ table, filtered }: DecompositionInput): Column[] {
  return table.columns
    .filter(
      (c) =>
        (c.role === "feature" || c.role === "segment") &&
        c.type !== "timestamp" &&
        !filtered.has(c.name),
    )
    .slice(0, MOST_FEATURES);
}

/** Place of each bin among groups of equal mass. */
function groupsOf(bins: ReadonlyMap<number, number>): Map<number, number> {
  const all = [...bins.values()].reduce((s, w) => s + w, 0);
  const out = new Map<number, number>();
  let seen = 0;
  for (const [bin, w] of [...bins].sort((a, b) => a[0] - b[0])) {
    out.set(bin, Math.min(GROUPS - 1, Math.floor((GROUPS * (seen + w / 2)) / all)));
    seen += w;
  }
  return out;
}

/** Strata whose π(x) is the incident's share of the score's group, windows weighing the same. */
function scoreStrata(baseline: readonly Cell[], incident: readonly Cell[]): Stratum[] {
  const weightOf = (cells: readonly Cell[]): number => cells.reduce((s, c) => s + c.w, 0);
  const [allB, allI] = [weightOf(baseline), weightOf(incident)];
  const mass = new Map<number, number>();
  const add = (cells: readonly Cell[], all: number): void => {
    for (const c of cells) mass.set(c.bin, (mass.get(c.bin) ?? 0) + c.w / all);
  };
  add(baseline, allB);
  add(incident, allI);
  const groups = groupsOf(mass);
  const inB = new Map<number, number>();
  const inI = new Map<number, number>();
  for (const [cells, map, all] of [
    [baseline, inB, allB],
    [incident, inI, allI],
  ] as const) {
    for (const c of cells) {
      const g = groups.get(c.bin) ?? 0;
      map.set(g, (map.get(g) ?? 0) + c.w / all);
    }
  }
  const pi = (group: number): number => {
    const i = inI.get(group) ?? 0;
    return i / (i + (inB.get(group) ?? 0));
  };
  const of = (cell: Cell, window: 0 | 1): Stratum => {
    const group = groups.get(cell.bin) ?? 0;
    const { w, w2 } = cell;
    return {
      ...{ bin: cell.bin, group, y: cell.y === "1", p: cell.p === null ? null : cell.p === "1" },
      baseline: window === 0 ? w : 0,
      incident: window === 1 ? w : 0,
      baselineSquares: window === 0 ? w2 : 0,
      incidentSquares: window === 1 ? w2 : 0,
      sharedBaseline: window === 0 ? w * pi(group) : 0,
      sharedIncident: window === 1 ? w * (1 - pi(group)) : 0,
    };
  };
  return [...baseline.map((c) => of(c, 0)), ...incident.map((c) => of(c, 1))];
}

/** Strata whose π(x) comes from a domain classifier on a sample of rows. */
async function domainStrata(
  engine: Engine,
  input: DecompositionInput,
  features: readonly Column[],
  rows: { readonly baseline: number; readonly incident: number },
  options: QueryOptions,
): Promise<{ strata: Stratum[]; auc: number | null; rows: Decomposition["rows"] }> {
  const table = await queryTable(engine, sampleSql(input, features), options);
  const column = (name: string): unknown[] => readColumn(table, name);
  const domain = Uint8Array.from(column("win"), Number);
  const inputs = features.map((c, k) =>
    c.type === "varchar" || c.type === "boolean"
      ? categoryCodes(column(`f${String(k)}`))
      : Float64Array.from(column(`f${String(k)}`), (v) => (v === null ? NaN : Number(v))),
  );
  const raw = crossFittedDomain(inputs, domain);
  const ones = domain.reduce((s, d) => s + d, 0);
  const zeros = domain.length - ones;
  // Windows of unlike size: the odds as if both had as many rows.
  const pi = raw.map((q) => (q * zeros) / (q * zeros + (1 - q) * ones));
  const h = histogramOfRows(
    Array.from(domain, (d) => d === 1),
    Array.from(raw),
  );
  const y = column("y");
  const p = column("p");
  const w = column("w");
  const bins = Array.from(column("bin"), (v) => (v === null ? -1 : Number(v)));
  const mass = new Map<number, number>();
  bins.forEach((bin, k) =>
    mass.set(bin, (mass.get(bin) ?? 0) + (domain[k] === 1 ? 1 / ones : 1 / zeros)),
  );
  const groups = groupsOf(mass);
  const found = new Map<string, { -readonly [K in keyof Stratum]: Stratum[K] }>();
  for (let k = 0; k < domain.length; k++) {
    const bin = bins[k] ?? -1;
    const key = `${bin} ${String(y[k])} ${String(p[k])}`;
    let s = found.get(key);
    if (s === undefined) {
      s = {
        ...{
          bin,
          group: groups.get(bin) ?? 0,
          y: y[k] === "1",
          p: p[k] === null ? null : p[k] === "1",
        },
        ...{ baseline: 0, incident: 0, baselineSquares: 0, incidentSquares: 0 },
        ...{ sharedBaseline: 0, sharedIncident: 0 },
      };
      found.set(key, s);
    }
    const weight = Number(w[k]);
    if (domain[k] === 1) {
      s.incident += weight;
      s.incidentSquares += weight * weight;
      s.sharedIncident += weight * (1 - (pi[k] ?? 0));
    } else {
      s.baseline += weight;
      s.baselineSquares += weight * weight;
      s.sharedBaseline += weight * (pi[k] ?? 0);
    }
  }
  return {
    strata: [...found.values()],
    auc: rocAuc(h),
    rows: {
      baseline: zeros,
      incident: ones,
      sampled: zeros < rows.baseline || ones < rows.incident,
    },
  };
}

/** Labelled rows of both windows with their features, the same rows in every run. */
function sampleSql(input: DecompositionInput, features: readonly Column[]): string {
  const { table, setup, predicates } = input;
  const y = matureLabel(input);
  const inputs = features.map((c, k) =>
    c.type === "varchar" || c.type === "boolean"
      ? `CAST(${ident(c.name)} AS VARCHAR) AS f${String(k)}`
      : `${numberOf(c)} AS f${String(k)}`,
  );
  const one = (window: number, condition: string): string =>
    `(SELECT ${window} AS win, ${y} AS y, ${setup.p} AS p, ${setup.s} AS s, ${setup.w} AS w, ${inputs.join(", ")}
  FROM ${ident(table.name)} WHERE (${condition}) AND (${y}) IS NOT NULL AND ((${setup.p}) IS NOT NULL OR (${setup.s}) IS NOT NULL) AND ${setup.w} > 0
  ORDER BY hash(rowid) LIMIT ${DOMAIN_ROWS})`;
  const names = features.map((_, k) => `f${String(k)}`);
  return `WITH r AS (${one(0, predicates.baseline)} UNION ALL ${one(1, predicates.incident)})
SELECT win, y, p, w, ${binSql("s", setup)} AS bin, ${names.join(", ")} FROM r`;
}

/** Categories as numbers by falling frequency; rare ones share the last, missing is NaN. */
function categoryCodes(values: readonly unknown[]): Float64Array {
  const counts = new Map<unknown, number>();
  for (const v of values) if (v !== null) counts.set(v, (counts.get(v) ?? 0) + 1);
  const order = [...counts].sort((a, b) => b[1] - a[1]).map(([v]) => v);
  const codes = new Map(order.map((v, k) => [v, Math.min(k, CATEGORIES - 1)]));
  return Float64Array.from(values, (v) => codes.get(v) ?? NaN);
}

/**
 * Which story fits: class shares moved (Cohen's h of 0.1 or more) while the
 * scores within each class stayed as they were (KS within 0.05 or within what
 * chance allows) is a label shift; everything else is split from the inputs.
 */
function pathOf(baseline: readonly Cell[], incident: readonly Cell[]): Decomposition["path"] {
  const rate = (cells: readonly Cell[]): number =>
    cells.reduce((s, c) => s + (c.y === "1" ? c.w : 0), 0) / cells.reduce((s, c) => s + c.w, 0);
  if (Math.abs(cohensH(rate(baseline), rate(incident))) < 0.1) return "covariate_shift";
  const same = ["0", "1"].every((y) => {
    const b = baseline.filter((c) => c.y === y);
    const i = incident.filter((c) => c.y === y);
    if (b.length === 0 || i.length === 0) return false;
    const chance = 1.36 * Math.sqrt(1 / rowsOf(b) + 1 / rowsOf(i));
    return distance(b, i) <= Math.max(0.05, Math.min(0.1, chance));
  });
  return same ? "label_shift" : "covariate_shift";
}

/** KS distance of scores; of predictions where there are no scores. */
function distance(b: readonly Cell[], i: readonly Cell[]): number {
  const place = (c: Cell): number => (c.bin >= 0 ? c.bin : c.p === "1" ? -1 : -2);
  const totals = [b, i].map((cells) => cells.reduce((s, c) => s + c.w, 0));
  const steps = new Map<number, number>();
  [b, i].forEach((cells, window) => {
    for (const c of cells) {
      const step = ((window === 0 ? 1 : -1) * c.w) / (totals[window] ?? 1);
      steps.set(place(c), (steps.get(place(c)) ?? 0) + step);
    }
  });
  let most = 0;
  let at = 0;
  for (const [, step] of [...steps].sort((x, y) => x[0] - y[0])) {
    at += step;
    most = Math.max(most, Math.abs(at));
  }
  return most;
}

/** BBSE's implied class weights, from all rows of the incident, beside the realised ones. */
function labelWeights(
  setup: ModelSetup,
  baseline: readonly Cell[],
  all: readonly Cell[],
  incident: readonly Cell[],
): Decomposition["labelWeights"] {
  const weigh = (cells: readonly Cell[], y: string | null, p: string | null): number =>
    cells.reduce(
      (s, c) => s + ((y === null || c.y === y) && (p === null || c.p === p) ? c.w : 0),
      0,
    );
  const keys = ["0", "1"];
  const joint = keys.map((p) => keys.map((y) => weigh(baseline, y, p)));
  const implied = bbseWeights(
    joint,
    keys.map((p) => weigh(all, null, p)),
  );
  const before = weigh(baseline, null, null);
  const after = weigh(incident, null, null);
  const other = setup.classes.find((c) => c !== setup.positive) ?? "0";
  return keys.map((y, k) => ({
    label: y === "1" ? (setup.positive ?? "1") : other,
    implied: implied?.[k] ?? null,
    realised: weigh(incident, y, null) / after / (weigh(baseline, y, null) / before),
  }));
}

function statementOf(
  d: Omit<Decomposition, "statement" | "baseline" | "incident" | "ifOnlyLabels">,
  versionsDiffer: boolean,
  apart: boolean,
): string {
  const label = METRIC_RULES[d.metric].label;
  const points = (v: number): string => `${Math.abs(100 * v).toFixed(1)} points`;
  const moved = (v: number): string => `${v < 0 ? "fallen" : "risen"} by ${points(v)}`;
  const signed = (v: number): string => `${v < 0 ? "−" : "+"}${Math.abs(100 * v).toFixed(1)}`;
  const { inputs, labels, concept } = d.parts;
  const change = d.change.value;
  if (d.change.low <= 0 && d.change.high >= 0) {
    return `${capital(label)} changed within its noise (${signed(change)} points, 95 % interval ${signed(d.change.low)} to ${signed(d.change.high)}): there is nothing to split.`;
  }
  const rest = versionsDiffer
    ? "what the inputs mean for the outcome, or what the model makes of them (its version changed)"
    : d.method === "score_bins"
      ? "what the same score means for the outcome (concept drift, or inputs the model does not know)"
      : "what the same inputs mean for the outcome (concept drift)";
  const note = apart
    ? " The features of both windows hardly overlap, so that rows were compared by their scores."
    : "";
  const start = `${capital(label)} has ${moved(change)}.${note}`;
  const interval = `95 % interval ${signed(concept.low)} to ${signed(concept.high)}`;
  if (d.path === "label_shift") {
    return `${start} The classes' shares changed while scores within each class stayed the same (label shift): that alone would have ${moved(labels.value)}; ${signed(concept.value)} points remain (${interval}).`;
  }
  const parts = [inputs, labels, concept];
  const largest = parts.reduce((a, b) => (Math.abs(b.value) > Math.abs(a.value) ? b : a));
  const cause =
    largest === inputs
      ? "the inputs moved to where the model does worse or better (covariate shift)"
      : largest === labels
        ? "one class became more frequent for all inputs alike (label shift)"
        : rest;
  return `${start} Had only the ${d.method === "score_bins" ? "scores" : "inputs"} moved, it would have ${moved(inputs.value)}; a common change of class odds adds ${signed(labels.value)}, and ${signed(concept.value)} points (${interval}) remain for ${rest}. The largest part: ${cause}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
