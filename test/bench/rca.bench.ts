import { compareAll } from "../../shared/analysis/compare-all.ts";
import { rankSuspects } from "../../shared/analysis/rank-suspects.ts";
import type { Comparison } from "../../shared/model/comparison.ts";
import { MINUTE } from "../../shared/base/time.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import { createNodeEngine, type NodeEngine } from "../support/node-engine.ts";
import { findData } from "../support/open-data.ts";
import { accuracyOf, firstPlaces, placeOf, type Accuracy } from "./rca/accuracy.ts";
import { culpritOf, type CommitResult } from "./rca/commits.ts";
import { DEGRADATION_SETS, degradationOf, type DegradationResult } from "./rca/degradations.ts";
import { COMMIT_SET, RCA_SETS, type RcaCase } from "./rca/cases.ts";
import { exportCases, runRcaPeers, type PeerCase, type PeerRanking } from "./rca/peers.ts";
import { importTables } from "./truth/import-tables.ts";

interface CaseResult {
  readonly set: string;
  readonly name: string;
  /** 0-based place of the root cause; null where it is not in the ranking. */
  readonly service: number | null;
  readonly late: number | null;
  readonly early: number | null;
  /** Undefined where the series of the root cause is not known. */
  readonly metric?: number | null;
  readonly seconds: number;
}
interface BenchResult {
  rows: { name: string; value: number; unit: string; runs: number[] }[];
  summary: {
    sets: Record<string, Record<string, Accuracy>>;
    cases: CaseResult[];
    commits: CommitResult[];
    degraded: DegradationResult[];
    slowest: number;
  };
  skipped: { name: string; reason: string }[];
}

/**
 * Where the known root cause of real incidents stands among the suspects: by
 * service, and by series where it is known. Everything goes through the
 * product's own import, comparison and ranking, with one configuration; beside
 * it other people's rankers on the same series and windows. The same once more
 * with the onset a minute too early and too late. Where changes are on record, the
 * culprit commit, or the answer that it is none of them, is scored too; so are
 * degradations of model data: the true column's place, and the error of its onset.
 */
export default async function run({ dataDir }: { dataDir: string | null }): Promise<BenchResult> {
  const skipped: BenchResult["skipped"] = [];
  const results: CaseResult[] = [];
  const exported: PeerCase[] = [];
  const commits: CommitResult[] = [];
  for (const { folder: relative, cases } of RCA_SETS) {
    const folder = findData(dataDir, relative);
    if (folder === null) {
      skipped.push({ name: relative, reason: "the data set is not there" });
      continue;
    }
    await withCases(cases(folder), async (engine, tables, one) => {
      results.push(await runCase(engine, tables, one));
      exported.push(await exportCases(engine, one));
    });
  }
  const commitFolder = findData(dataDir, COMMIT_SET.folder);
  for (const one of commitFolder === null ? [] : COMMIT_SET.cases(commitFolder))
    commits.push(await culpritOf(commitFolder ?? "", one));
  const degraded: DegradationResult[] = [];
  for (const { folder: relative, cases } of DEGRADATION_SETS) {
    const folder = findData(dataDir, relative);
    if (folder === null) skipped.push({ name: relative, reason: "the data set is not there" });
    else for (const one of cases(folder)) degraded.push(await degradationOf(one));
  }
  const peers = runRcaPeers(exported);
  skipped.push(...peers.skipped);
  const sets = Object.fromEntries(
    [...new Set(results.map((r) => r.set))].map((set) => [
      set,
      accuraciesOf(
        results.filter((r) => r.set === set),
        peers.rankings,
      ),
    ]),
  );
  if (commits.length > 0) {
    sets["culprit commit"] = {
      Inquest: accuracyOf(commits.map((c) => c.place)),
      "last deployment": accuracyOf(commits.map((c) => c.lastDeploy)),
    };
  }
  if (degraded.length > 0) {
    sets["degradations, true column"] = { Inquest: accuracyOf(degraded.map((d) => d.place)) };
  }
  print(sets);
  printDegradations(degraded);
  const slowest = Math.max(0, ...results.map((r) => r.seconds));
  return {
    rows: [
      ...Object.entries(sets).flatMap(([set, by]) =>
        Object.entries(by).map(([ranker, { avg5 }]) => row(`${set}: ${ranker}, Avg@5`, avg5, "")),
      ),
      row("slowest ranking of a case", slowest, "s"),
    ],
    summary: { sets, cases: results, commits, degraded, slowest },
    skipped,
  };
}

/** Cases that share their files share an engine. */
async function withCases(
  cases: readonly RcaCase[],
  work: (engine: NodeEngine, tables: TableMeta[], one: RcaCase) => Promise<void>,
): Promise<void> {
  for (const key of new Set(cases.map((one) => one.filesKey))) {
    const mine = cases.filter((one) => one.filesKey === key);
    const engine = await createNodeEngine();
    const tables = await importTables(engine, mine[0]?.files() ?? []);
    for (const one of mine) await work(engine, tables, one);
    await engine.close();
  }
}

async function runCase(engine: NodeEngine, tables: TableMeta[], one: RcaCase): Promise<CaseResult> {
  const comparison = await compareAll(engine, tables, one.windows);
  const at = (shift: number) => ranked(engine, tables, one, comparison, shift);
  const { series, services, seconds } = await at(0);
  const root = (service: string) => service === one.service;
  const { metric } = one;
  return {
    set: one.set,
    name: one.name,
    service: placeOf(services, root),
    late: placeOf((await at(MINUTE)).services, root),
    early: placeOf((await at(-Number(MINUTE))).services, root),
    ...(metric === null
      ? {}
      : { metric: placeOf(series, (s) => root(s.service) && s.name.includes(metric)) }),
    seconds,
  };
}

/** @param shift µs that the onset is wrong by */
async function ranked(
  engine: NodeEngine,
  tables: TableMeta[],
  { windows: { baseline, incident }, symptom, dependencies }: RcaCase,
  comparison: Comparison,
  shift: number,
): Promise<{ series: { service: string; name: string }[]; services: string[]; seconds: number }> {
  const joined = baseline.to === incident.from;
  const windows = {
    baseline: joined ? { ...baseline, to: (baseline.to ?? 0) + shift } : baseline,
    incident: joined ? { ...incident, from: (incident.from ?? 0) + shift } : incident,
  };
  const started = performance.now();
  const suspects = await rankSuspects(engine, {
    ...{ comparison, tables, windows, symptom, dependencies },
  });
  const seconds = (performance.now() - started) / 1000;
  const services = suspects.filter((s) => s.kind === "metric" && s.service !== null);
  const series = services
    .flatMap((s) => (s.signals ?? []).map((signal) => ({ ...signal, service: s.service ?? "" })))
    .sort((a, b) => size(b) - size(a));
  return { series, services: firstPlaces(services.map((s) => s.service ?? "")), seconds };
}

const size = ({ z, usual }: { z: number; usual: number }) => Math.abs(z) / (1 + usual);

function accuraciesOf(
  results: readonly CaseResult[],
  rankings: readonly PeerRanking[],
): Record<string, Accuracy> {
  const known = results.filter((r) => r.metric !== undefined);
  const own = {
    Inquest: accuracyOf(results.map((r) => r.service)),
    "Inquest, onset 1 min late": accuracyOf(results.map((r) => r.late)),
    "Inquest, onset 1 min early": accuracyOf(results.map((r) => r.early)),
    ...(known.length === 0
      ? {}
      : { "Inquest, series": accuracyOf(known.map((r) => r.metric ?? null)) }),
  };
  const names = new Set(results.map((r) => `${r.set} ${r.name}`));
  const peers: Record<string, Accuracy> = {};
  for (const ranker of new Set(rankings.map((r) => r.ranker))) {
    const mine = rankings.filter((r) => r.ranker === ranker && names.has(r.case));
    peers[ranker] = accuracyOf(mine.map((r) => r.service));
    const series = mine.filter((r) => r.metric !== undefined);
    if (series.length > 0) {
      peers[`${ranker}, series`] = accuracyOf(series.map((r) => r.metric ?? null));
    }
  }
  return { ...own, ...peers };
}

function print(sets: Record<string, Record<string, Accuracy>>): void {
  for (const [set, by] of Object.entries(sets)) {
    process.stdout.write(`\n${set}\n`);
    for (const [ranker, { cases, ac1, ac3, ac5, avg5 }] of Object.entries(by)) {
      const figures = [ac1, ac3, ac5, avg5].map((x) => x.toFixed(2).padStart(6)).join("");
      process.stdout.write(`  ${ranker.padEnd(32)}${String(cases).padStart(4)}${figures}\n`);
    }
  }
  process.stdout.write("\n(cases, AC@1, AC@3, AC@5, Avg@5)\n");
}

function printDegradations(results: readonly DegradationResult[]): void {
  for (const { name, place, error, isInside } of results) {
    const onset =
      error === null || isInside === null
        ? "no onset to score"
        : `onset off by ${(100 * error).toFixed(1)} % of the incident, ${isInside ? "inside" : "outside"} its interval`;
    const rank = place === null ? "not a suspect" : `place ${String(place + 1)}`;
    process.stdout.write(`  ${name.padEnd(32)}${rank.padEnd(16)}${onset}\n`);
  }
}

function row(name: string, value: number, unit: string): BenchResult["rows"][number] {
  return { name, value, unit, runs: [value] };
}
