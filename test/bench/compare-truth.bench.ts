import { compareAll } from "../../shared/analysis/compare-all.ts";
import { createNodeEngine } from "../support/node-engine.ts";
import { findData } from "../support/open-data.ts";
import { DRIFT_SETS, type DriftCase } from "./truth/drift-cases.ts";
import { importTables } from "./truth/import-tables.ts";
import { HOUSING, modelMonths, type ModelMonth } from "./truth/model-months.ts";
import { ratesOf, scoreCase, type CaseScore, type Rates, type Told } from "./truth/score.ts";

interface BenchRow {
  name: string;
  value: number;
  unit: string;
  runs: number[];
}
interface SetSummary {
  cases: number;
  major: Rates;
  minorOrMajor: Rates;
  scores: CaseScore[];
}
interface HousingSummary {
  realised: Rates;
  estimated: Rates;
  /** Mean distance of the estimated area under ROC from the realised one. */
  estimateError: number;
  /** Share of months whose realised area lies in the estimate's interval. */
  coverage: number;
  months: ModelMonth[];
}
interface BenchResult {
  rows: BenchRow[];
  summary: { sets: Record<string, SetSummary>; housing: HousingSummary | null };
  skipped: { name: string; reason: string }[];
}

/**
 * How right the verdicts are on real data whose changes are known: per set,
 * precision and recall of `major` and of any verdict over columns, with every
 * miss and false alarm; and for a model whose performance fell in some months,
 * whether the checks say so, with labels and (CBPE) without. Everything goes
 * through the product's own import and comparison, with one configuration.
 */
export default async function run({ dataDir }: { dataDir: string | null }): Promise<BenchResult> {
  const skipped: BenchResult["skipped"] = [];
  const folderOf = (relative: string): string | null => {
    const folder = findData(dataDir, relative);
    if (folder === null) skipped.push({ name: relative, reason: "the data set is not there" });
    return folder;
  };
  const scores: CaseScore[] = [];
  for (const { folder: relative, cases } of DRIFT_SETS) {
    const folder = folderOf(relative);
    for (const one of folder === null ? [] : cases(folder)) scores.push(await runCase(one));
  }
  const sets = Object.fromEntries(
    [...new Set(scores.map((s) => s.set))].map((set) => [
      set,
      summaryOf(scores.filter((s) => s.set === set)),
    ]),
  );
  const housing = folderOf(HOUSING);
  const months = housing === null ? [] : await modelMonths(housing);
  print(sets, months);
  const ofHousing = months.length === 0 ? null : housingSummary(months);
  return {
    rows: [
      ...Object.entries(sets).flatMap(([set, summary]) => rowsOfSet(set, summary)),
      ...(ofHousing === null ? [] : rowsOfHousing(ofHousing)),
    ],
    summary: { sets, housing: ofHousing },
    skipped,
  };
}

async function runCase(one: DriftCase): Promise<CaseScore> {
  const engine = await createNodeEngine();
  try {
    const tables = await importTables(engine, one.files);
    return scoreCase(one, tables, await compareAll(engine, tables, one.windows));
  } finally {
    await engine.close();
  }
}

/** A folder of the open data: below `--data`, or where the data lies beside the repository. */
function summaryOf(scores: CaseScore[]): SetSummary {
  return {
    cases: scores.length,
    major: ratesOf(scores.map((s) => s.major)),
    minorOrMajor: ratesOf(scores.map((s) => s.minorOrMajor)),
    scores,
  };
}

function housingSummary(months: ModelMonth[]): HousingSummary {
  const rates = (verdict: (month: ModelMonth) => string): Rates => {
    const isMajor = (m: ModelMonth): boolean => verdict(m) === "major";
    const count = (is: (m: ModelMonth) => boolean): number => months.filter(is).length;
    return ratesOf([
      {
        hits: count((m) => m.fell && isMajor(m)),
        misses: count((m) => m.fell && !isMajor(m)),
        falseAlarms: count((m) => !m.fell && isMajor(m)),
        alarmed: count(isMajor),
        columns: months.length,
      },
    ]);
  };
  const errors = months.flatMap((m) =>
    m.estimated === null ? [] : [Math.abs(m.estimated - m.published)],
  );
  const isCovered = (m: ModelMonth): boolean =>
    (m.estimatedLow ?? Infinity) <= m.published && m.published <= (m.estimatedHigh ?? -Infinity);
  return {
    realised: rates((m) => m.realisedVerdict),
    estimated: rates((m) => m.estimatedVerdict),
    estimateError: errors.reduce((sum, e) => sum + e, 0) / errors.length,
    coverage: months.filter(isCovered).length / months.length,
    months,
  };
}

function rowsOfSet(set: string, { major, minorOrMajor }: SetSummary): BenchRow[] {
  return [...rowsOfRates(`${set}: major`, major), ...rowsOfRates(`${set}: any`, minorOrMajor)];
}

function rowsOfRates(name: string, { precision, recall, alarmedShare }: Rates): BenchRow[] {
  return [
    ...(precision === null ? [] : [row(`${name}, precision`, precision, "share")]),
    ...(recall === null ? [] : [row(`${name}, recall`, recall, "share")]),
    row(`${name}, alarmed`, alarmedShare, "share"),
  ];
}

function rowsOfHousing({ realised, estimated, ...rest }: HousingSummary): BenchRow[] {
  return [
    ...rowsOfRates("housing months, with labels: major", realised),
    ...rowsOfRates("housing months, CBPE: major", estimated),
    row("housing months, CBPE: mean error of ROC area", rest.estimateError, "area"),
    row("housing months, CBPE: realised area in the interval", rest.coverage, "share"),
  ];
}

function row(name: string, value: number, unit: string): BenchRow {
  return { name, value, unit, runs: [value] };
}

/** What the rates hide: every miss and every false alarm. */
function print(sets: Record<string, SetSummary>, months: readonly ModelMonth[]): void {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  for (const [set, { scores }] of Object.entries(sets)) {
    say(`\n${set}`);
    const list = (title: string, of: (score: CaseScore) => readonly Told[]): void => {
      for (const told of scores.flatMap(of)) {
        const shifts = told.shifts.length === 0 ? "" : `: ${told.shifts.join("; ")}`;
        say(`  ${title}  ${told.case}  ${told.column}${shifts}`);
      }
    };
    list("missed     ", (s) => s.missed);
    list("only minor ", (s) => s.onlyMinor);
    list("false major", (s) => s.falselyMajor);
    list("false minor", (s) => s.falselyMinor);
    for (const score of scores) {
      for (const text of score.ofTable) say(`  of the table ${score.name}  ${text}`);
    }
  }
  if (months.length > 0) say("\nhousing months: area published, realised, estimated; verdicts");
  for (const m of months) {
    const shown = [m.published, m.realised, m.estimated].map((v) => v?.toFixed(3) ?? "-").join(" ");
    const verdicts = `realised ${m.realisedVerdict}, estimated ${m.estimatedVerdict}`;
    const shares = `columns major ${m.majorShare.toFixed(2)}, any ${m.anyShare.toFixed(2)}`;
    say(`  ${m.month} ${m.fell ? "FELL" : "    "} ${shown}; ${verdicts}; ${shares}`);
    say(`      ${m.first.join(" | ")}`);
  }
}
