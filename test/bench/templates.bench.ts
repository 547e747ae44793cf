import { mergeShapes } from "../../shared/templates/merge-shapes.ts";
import { ShapeTable } from "../../shared/templates/shape-table.ts";
import { openData } from "../support/open-data.ts";
import { DRAIN3, type Drain3Result, runDrain3 } from "./templates/drain3.ts";
import { type LogSet, readLogSets, templateFolder } from "./templates/log-sets.ts";
import { scoreStrictly, scoreTemplates, type TemplateScores } from "./templates/metrics.ts";
import { addLines, encodeLines, mineLines } from "./templates/mine-lines.ts";

interface BenchRow {
  name: string;
  value: number;
  unit: string;
  runs: number[];
  peer?: string;
  peerValue?: number;
  ratio?: number;
}
interface BenchResult {
  rows: BenchRow[];
  summary: {
    GA: number;
    FGA: number;
    PA: number;
    FTA: number;
    linesPerSecond: number;
    perSet: Record<string, TemplateScores>;
  };
  skipped: { name: string; reason: string }[];
}

const RUNS = 3;
/** How often each set is read in a run that is timed. */
const PASSES = 50;
const METRICS = ["GA", "FGA", "PA", "FTA"] as const;

/** Averages over sets as published; other truths and tuned masks, so for orientation only. */
const PUBLISHED = [
  { name: "Drain, Loghub-2.0 2k (published)", GA: 0.85, PA: 0.32 },
  { name: "UniParser, Loghub-2.0 2k (published)", GA: 0.85, PA: 0.62 },
  { name: "LogPPT, Loghub-2.0 2k (published)", GA: 0.76, PA: 0.71 },
  { name: "Brain, the older truth of the 2k sets (published)", GA: 0.983 },
];

/**
 * Accuracy of template mining on labelled sets, and its speed, beside Drain3 on
 * the same lines. One configuration for all sets; the message alone is read (the
 * column `Content`), as in all published figures.
 */
export default async function run({ dataDir }: { dataDir: string | null }): Promise<BenchResult> {
  const data = dataDir ?? openData(".");
  const folder = data === null ? null : templateFolder(data);
  const sets = folder === null ? [] : readLogSets(folder);
  if (sets.length === 0) {
    throw new Error(`No *_structured*.csv in ${folder ?? dataDir ?? "the open data"}.`);
  }
  const speeds = sets.map(measureSpeed);
  const drain3 = runDrain3(sets);
  const perSet: Record<string, TemplateScores> = {};
  const rows: BenchRow[] = [];
  for (const [i, set] of sets.entries()) {
    const texts = mineLines(set.lines).map(({ text }) => text);
    const scores = scoreTemplates(set.truth, texts);
    perSet[set.name] = scores;
    rows.push(...rowsOfSet(set, scores, speeds[i] ?? [], drain3));
    rows.push(row(`${set.name} PA to the letter`, scoreStrictly(set.truth, texts), "share"));
  }
  const scores = averageOf(Object.values(perSet));
  const linesPerSecond = overallSpeed(sets, speeds);
  rows.push(...rowsOfAverage(sets, scores, linesPerSecond, drain3), ...publishedRows());
  const skipped = drain3.kind === "skipped" ? [{ name: DRAIN3, reason: drain3.reason }] : [];
  return Promise.resolve({ rows, summary: { ...scores, linesPerSecond, perSet }, skipped });
}

/** Lines a second in each run, mining and merging together. */
function measureSpeed(set: LogSet): number[] {
  const lines = encodeLines(set.lines);
  return Array.from({ length: RUNS + 1 }, () => {
    const start = performance.now();
    const table = new ShapeTable();
    for (let pass = 0; pass < PASSES; pass++) addLines(table, lines);
    mergeShapes(table.shapes());
    return (set.lines.length * PASSES) / ((performance.now() - start) / 1000);
  }).slice(1);
}

function overallSpeed(sets: readonly LogSet[], speeds: readonly number[][]): number {
  const seconds = sets.map((set, i) => set.lines.length / middle(speeds[i] ?? []));
  return Math.round(
    sets.reduce((sum, set) => sum + set.lines.length, 0) / seconds.reduce((a, b) => a + b, 0),
  );
}

function rowsOfSet(
  set: LogSet,
  scores: TemplateScores,
  speeds: number[],
  drain3: Drain3Result,
): BenchRow[] {
  const mined = drain3.kind === "ran" ? drain3.sets.get(set.name) : undefined;
  const peers = mined === undefined ? undefined : scoreTemplates(set.truth, mined.templates);
  const speed = row(`${set.name} lines a second`, Math.round(middle(speeds)), "1/s", speeds);
  return [
    ...METRICS.map((metric) =>
      withPeer(row(`${set.name} ${metric}`, scores[metric], "share"), peers?.[metric]),
    ),
    withPeer(speed, mined && Math.round(set.lines.length / mined.seconds)),
  ];
}

function rowsOfAverage(
  sets: readonly LogSet[],
  scores: TemplateScores,
  linesPerSecond: number,
  drain3: Drain3Result,
): BenchRow[] {
  const mined = sets.flatMap((set) => {
    const found = drain3.kind === "ran" ? drain3.sets.get(set.name) : undefined;
    return found === undefined ? [] : [{ set, ...found }];
  });
  const isWhole = mined.length === sets.length;
  const peers = isWhole
    ? averageOf(mined.map(({ set, templates }) => scoreTemplates(set.truth, templates)))
    : undefined;
  const lines = mined.reduce((sum, { set }) => sum + set.lines.length, 0);
  const seconds = mined.reduce((sum, found) => sum + found.seconds, 0);
  const speed = row("all sets, lines a second", linesPerSecond, "1/s");
  return [
    ...METRICS.map((metric) =>
      withPeer(
        row(`average ${metric} of ${sets.length} sets`, scores[metric], "share"),
        peers?.[metric],
      ),
    ),
    withPeer(speed, isWhole ? Math.round(lines / seconds) : undefined),
  ];
}

function publishedRows(): BenchRow[] {
  return PUBLISHED.flatMap(({ name, GA, PA }) => [
    row(`${name} GA`, GA, "share"),
    ...(PA === undefined ? [] : [row(`${name} PA`, PA, "share")]),
  ]);
}

function row(name: string, value: number, unit: string, runs: number[] = [value]): BenchRow {
  return { name, value, unit, runs };
}

function withPeer(own: BenchRow, peerValue: number | undefined): BenchRow {
  if (peerValue === undefined) return own;
  return { ...own, peer: DRAIN3, peerValue, ratio: own.value / peerValue };
}

function averageOf(all: readonly TemplateScores[]): TemplateScores {
  const mean = (metric: (typeof METRICS)[number]): number =>
    all.reduce((sum, scores) => sum + scores[metric], 0) / all.length;
  return { GA: mean("GA"), FGA: mean("FGA"), PA: mean("PA"), FTA: mean("FTA") };
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
